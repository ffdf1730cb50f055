"""下派: what a lower tier can settle goes down to it, one tier a time, and by who has it."""

from pathlib import Path

from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.commands import Dispatch
from commandcenter.domain.commands.tiers import Escalate, SendDown
from commandcenter.domain.decisions import Refused
from commandcenter.sync.queries import HistoryQuery
from tests.kit.console import Wire, case, console, done, hall, live, seated, until
from tests.kit.district import PASSWORD
from tests.unit.sync.test_escalate import dispatched, tiers

WHY = "现场能办，由街镇处置"


async def test_the_district_sends_down_to_the_street_and_the_street_to_the_grid(tmp_path: Path) -> None:
    async with hall(tmp_path / "p") as url:
        key = await dispatched(tmp_path, url, "housing")
        async with (
            seated(tmp_path / "housing", url, "housing") as department,
            seated(tmp_path / "desk", url, "east-desk") as street,
            seated(tmp_path / "dispatcher", url, "dispatcher") as district,
        ):
            await until(lambda: department.board.find("case", key) and street.board.find("case", key))
            assert street.why_not("send_down", case(street, key)) == "other_tier"
            due = case(district, key).due
            await done(district, SendDown(key, WHY))
            await until(lambda: department.board.find("case", key) is None)
            await until(lambda: case(street, key).tier is Tier.STREET)
            now = case(street, key)
            assert (now.stage, now.responsible, now.dispatched_at, now.due) == (Stage.FILED, None, None, due)
            await done(street, SendDown(key, "网格当场可清"))
            for desk in (street, district):
                await until(lambda desk=desk: case(desk, key).tier is Tier.GRID)
                refused = await desk.do(SendDown(key, WHY))
                assert isinstance(refused, Refused)
                assert refused.code == "lowest_tier"
            await done(street, Dispatch(key, "east-team"))
            assert (await tiers(street)) == {"grid": 1, "street": 0, "district": 0}
            told = await district.ask(HistoryQuery(key))
            assert [getattr(fact, "reason", None) for fact in told][-3:] == [WHY, "网格当场可清", None]


async def test_two_who_move_it_at_cross_purposes_are_asked_not_obeyed_in_turn(tmp_path: Path) -> None:
    async with hall(tmp_path / "p") as url:
        key = await dispatched(tmp_path, url, "east-urban")
        async with seated(tmp_path / "dispatcher", url, "dispatcher") as district:
            network = Wire()
            async with console(tmp_path / "desk", network) as street:
                await street.user.sign_in(url, "east-desk", PASSWORD)
                await live(street)
                await done(street, SendDown(key, "先退网格"))  # filed, and stays so: the tier alone changes from here
                await until(lambda: case(district, key).tier is Tier.GRID)
                await done(street, Escalate(key, "网格办不了"))
                network.cut()
                assert not isinstance(await street.do(Escalate(key, "区里定")), Refused)
                assert case(street, key).tier is Tier.DISTRICT  # shown at once
                await until(lambda: case(district, key).tier is Tier.STREET)
                await done(district, SendDown(key, WHY))
                network.mend()
                await until(lambda: street.acts.needing)
                assert [(act.name, act.code) for act in street.acts.needing] == [("escalate", "changed")]
                await until(lambda: case(street, key).tier is Tier.GRID)
