"""上报: what cannot be settled at its tier goes to the one above, which dispatches it."""

from datetime import timedelta
from pathlib import Path

from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.commands import Accept, Dispatch, File, Report
from commandcenter.domain.commands.tiers import Escalate
from commandcenter.domain.decisions import Refused
from commandcenter.sync.desk import Desk
from commandcenter.sync.queries import FiguresQuery, HistoryQuery
from tests.kit.console import Wire, case, console, done, hall, live, seated, take, until
from tests.kit.district import PASSWORD

WHY = "要动用吊车，网格办不了"


async def _filed(folder: Path, url: str) -> str:
    async with seated(folder / "clerk", url, "clerk") as clerk:
        key = (await done(clerk, take())).ref[1]
    async with seated(folder / "shift", url, "shift") as shift:
        await until(lambda: shift.board.find("case", key))
        await done(shift, File(key))
    return key


async def dispatched(folder: Path, url: str, to: str) -> str:
    """Returns a case of the east, filed and dispatched."""
    key = await _filed(folder, url)
    async with seated(folder / "dispatcher", url, "dispatcher") as desk:
        await until(lambda: "dispatch" in desk.may(case(desk, key)))
        await done(desk, Dispatch(key, to))
    return key


async def tiers(desk: Desk) -> dict[str, int]:
    """Returns the number of cases by tier, as the platform's figures have it."""
    now = desk.now()
    return (await desk.ask(FiguresQuery(now - timedelta(hours=1), now + timedelta(hours=1)))).tier


async def test_what_the_grid_cannot_settle_is_the_streets_to_dispatch_and_counts_as_settled_there(
    tmp_path: Path,
) -> None:
    async with hall(tmp_path / "p") as url:
        key = await dispatched(tmp_path, url, "east-team")
        async with seated(tmp_path / "team", url, "east-team") as team:
            await until(lambda: "accept" in team.may(case(team, key)))
            await done(team, Accept(key))
            await until(lambda: "escalate" in team.may(case(team, key)))
            due = case(team, key).due
            await done(team, Escalate(key, WHY))
            await until(lambda: team.board.find("case", key) is None)
        async with seated(tmp_path / "desk", url, "east-desk") as street:
            await until(lambda: street.board.find("case", key))
            now = case(street, key)
            assert (now.stage, now.tier, now.responsible, now.due) == (Stage.FILED, Tier.STREET, None, due)
            assert (now.dispatched_at, now.accepted_at) == (None, None)
            assert (await tiers(street)) == {"grid": 0, "street": 1, "district": 0}
            await done(street, Dispatch(key, "east-urban"))
            assert (await tiers(street)) == {"grid": 0, "street": 1, "district": 0}
            told = await street.ask(HistoryQuery(key))
            assert [getattr(fact, "reason", None) for fact in told][-2:] == [WHY, None]


async def test_a_street_hands_on_to_the_district_even_what_was_reported_and_nobody_beyond_it(tmp_path: Path) -> None:
    async with hall(tmp_path / "p") as url:
        key = await dispatched(tmp_path, url, "east-urban")
        async with seated(tmp_path / "unit", url, "east-urban") as unit:
            await until(lambda: unit.board.find("case", key))
            assert unit.why_not("escalate", case(unit, key)) == "role"  # a unit applies to return it
            await done(unit, Accept(key))
            await done(unit, Report(key, "管网在区里，只能先围挡"))
        async with seated(tmp_path / "desk", url, "east-desk") as street:
            await until(lambda: "escalate" in street.may(case(street, key)))
            await done(street, Escalate(key, "管网归区住建局"))
            now = case(street, key)
            assert (now.stage, now.tier, now.reported_at, now.finding) == (Stage.FILED, Tier.DISTRICT, None, "")
            assert "escalate" not in street.may(now)
            assert street.why_not("dispatch", now) == "other_tier"  # nor can the street take it back unseen
            refused = await street.do(Escalate(key, WHY))
            assert isinstance(refused, Refused)
            assert refused.code == "highest_tier"
        async with seated(tmp_path / "dispatcher", url, "dispatcher") as district:
            await until(lambda: "dispatch" in district.may(case(district, key)))
            await done(district, Dispatch(key, "housing"))
            assert case(district, key).tier is Tier.DISTRICT


async def test_what_is_escalated_says_why_and_has_been_filed_before(tmp_path: Path) -> None:
    async with hall(tmp_path / "p") as url:
        async with seated(tmp_path / "clerk", url, "clerk") as clerk:
            received = (await done(clerk, take())).ref[1]
        key = await dispatched(tmp_path, url, "east-team")
        async with seated(tmp_path / "desk", url, "east-desk") as street:
            await until(lambda: "escalate" in street.may(case(street, key)))
            for reason, code in (("  ", "nothing_said"), ("打 13812345678", "personal_number")):
                refused = await street.do(Escalate(key, reason))
                assert isinstance(refused, Refused)
                assert (refused.code, refused.about) == (code, "reason")
            assert street.why_not("escalate", case(street, received)) == "stage"  # its time limit has not begun


async def test_dispatched_without_a_network_it_asks_when_it_went_to_another_tier_meanwhile(tmp_path: Path) -> None:
    async with hall(tmp_path / "p") as url:
        key, network = await _filed(tmp_path, url), Wire()
        async with console(tmp_path / "dispatcher", network) as district:
            await district.user.sign_in(url, "dispatcher", PASSWORD)
            await live(district)
            network.cut()
            assert not isinstance(await district.do(Dispatch(key, "east-team")), Refused)
            async with seated(tmp_path / "desk", url, "east-desk") as street:
                await until(lambda: street.board.find("case", key))
                await done(street, Escalate(key, WHY))
            network.mend()
            await until(lambda: district.acts.needing)
            assert [(act.name, act.code) for act in district.acts.needing] == [("dispatch", "changed")]
            await until(lambda: case(district, key).tier is Tier.STREET)
