"""A case that ended last month is found, opened and kept at hand as long as somebody looks at it, and worked on."""

from pathlib import Path

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands.reopening import Reopen
from commandcenter.domain.decisions import Refused
from commandcenter.sync.desk import Desk
from commandcenter.sync.queries import HistoryQuery, SearchQuery
from tests.kit.console import Wire, case, console, done, live, seated, until
from tests.kit.district import PASSWORD
from tests.kit.old_cases import MONTH, old_hall
from tests.kit.scripted import html

WHY = "来电说又积水了"


def lists(desk: Desk, key: str) -> bool:
    """Whether the case is in the lists and columns of the board, from which screens count."""
    is_listed = any(one.id == key for one in desk.board.all("case"))
    assert is_listed is (desk.board.cases.slot(key) is not None)
    return is_listed


async def test_what_ended_last_month_is_found_by_number_and_place_and_opened_in_no_list(tmp_path: Path) -> None:
    async with old_hall(tmp_path / "p") as hall:
        key = hall.closes(place="葛大店路 40 号")
        hall.clock.ahead += MONTH
        async with seated(tmp_path / "shift", hall.url, "shift") as desk:
            assert desk.board.find("case", key) is None
            number = (await desk.ask(SearchQuery("葛大店路"))).items[0].number
            assert number is not None
            (found,) = (await desk.ask(SearchQuery(number))).items
            desk.lookup.look_at(found.id)
            assert desk.board.fetched.why_missing == "asking"
            await until(lambda: desk.board.find("case", key))
            assert (case(desk, key).stage, case(desk, key).rev) == (Stage.CLOSED, 6)
            assert desk.may(case(desk, key)) == ("reopen",)
            assert not lists(desk, key)
            assert len(await desk.ask(HistoryQuery(key))) == 6
            desk.lookup.look_at(None)
            assert desk.board.find("case", key) is None


async def test_an_old_case_out_of_scope_is_as_unknown_as_one_that_never_was(tmp_path: Path) -> None:
    async with old_hall(tmp_path / "p") as hall:
        key = hall.closes()
        hall.clock.ahead += MONTH
        async with seated(tmp_path / "west", hall.url, "west-desk") as desk:
            for one in (key, "never-was"):
                desk.lookup.look_at(one)
                await until(lambda: desk.board.fetched.why_missing != "asking")
                assert desk.board.fetched.why_missing == "unknown_case"
                assert desk.board.find("case", one) is None


async def test_what_a_shift_leader_reopens_is_live_again_on_every_board_with_a_limit_of_its_own(tmp_path: Path) -> None:
    async with old_hall(tmp_path / "p") as hall:
        key = hall.closes()
        hall.clock.ahead += MONTH
        async with (
            seated(tmp_path / "shift", hall.url, "shift") as shift,
            seated(tmp_path / "unit", hall.url, "east-urban") as unit,
            seated(tmp_path / "west", hall.url, "west-desk") as west,
        ):
            shift.lookup.look_at(key)
            await until(lambda: shift.board.find("case", key))
            former = case(shift, key)
            await done(shift, Reopen(key, WHY))
            for desk in (shift, unit):
                await until(lambda desk=desk: desk.board.find("case", key) and lists(desk, key))
                now = case(desk, key)
                assert (now.stage, now.responsible, now.finding) == (Stage.HANDLING, "east-urban", "")
                assert (now.reported_at, now.ended_at) == (None, None)
                assert now.due is not None
                assert now.due > former.due
                assert now.filed_at == now.accepted_at is not None
            assert shift.board.fetched.refs == ()
            assert west.board.find("case", key) is None
            told = await unit.ask(HistoryQuery(key))
            assert (getattr(told[5], "note", None), getattr(told[6], "reason", None)) == ("", WHY)


async def test_a_case_at_hand_is_reopened_without_a_network_and_stays_at_hand_until_that_is_done(
    tmp_path: Path,
) -> None:
    async with old_hall(tmp_path / "p") as hall:
        key, network = hall.closes(), Wire()
        hall.clock.ahead += MONTH
        async with console(tmp_path / "shift", network) as desk:
            await desk.user.sign_in(hall.url, "shift", PASSWORD)
            await live(desk)
            desk.lookup.look_at(key)
            await until(lambda: desk.board.find("case", key))
            network.cut()
            assert not isinstance(await desk.do(Reopen(key, WHY)), Refused)
            desk.lookup.look_at(None)
            assert case(desk, key).stage is Stage.HANDLING
            assert lists(desk, key)  # as it will be
        async with console(tmp_path / "shift", network) as desk:  # the next morning, still without one
            assert case(desk, key).stage is Stage.HANDLING
            network.mend()
            await desk.user.sign_in(hall.url, "shift", PASSWORD)
            await until(lambda: not desk.acts.open)
            await until(lambda: case(desk, key).rev == 7)
            assert desk.board.fetched.refs == ()


async def test_offline_it_says_so_and_fetches_the_case_when_the_platform_is_back(tmp_path: Path) -> None:
    async with old_hall(tmp_path / "p") as hall:
        key, network = hall.closes(), Wire()
        hall.clock.ahead += MONTH
        async with seated(tmp_path / "shift", hall.url, "shift", network) as desk:
            network.cut()
            await until(lambda: desk.connection.state != "live")
            desk.lookup.look_at(key)
            assert desk.board.fetched.why_missing not in ("asking", "unknown_case")
            network.mend()
            await until(lambda: desk.board.find("case", key))


async def test_an_act_of_the_former_shift_shows_its_old_case_to_who_may_see_it_and_to_nobody_else(
    tmp_path: Path,
) -> None:
    async with old_hall(tmp_path / "p") as hall:
        key, network = hall.closes(), Wire()
        hall.clock.ahead += MONTH
        async with console(tmp_path / "shift", network) as desk:
            await desk.user.sign_in(hall.url, "shift", PASSWORD)
            await live(desk)
            desk.lookup.look_at(key)
            await until(lambda: desk.board.find("case", key))
            network.instead = lambda request: html(502) if request.url.path == "/v1/commands" else None
            assert not isinstance(await desk.do(Reopen(key, WHY)), Refused)
            for user, sees in (("west-desk", False), ("east-desk", True)):
                await desk.user.sign_in(hall.url, user, PASSWORD)
                desk.lookup.look_at(None)
                await live(desk)
                assert (desk.board.find("case", key) is not None) is sees
                assert [act.user for act in desk.decisions.waiting] == ["shift"]
