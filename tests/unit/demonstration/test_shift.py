"""The shift of the demonstration plays by itself, leaves a visitor's cases alone, waits out a platform that goes."""

import asyncio
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from commandcenter.demonstration import seed, shift
from commandcenter.demonstration.crew_moves import CrewMoves, toward
from commandcenter.demonstration.duty_changes import DutyChanges
from commandcenter.demonstration.seed_database import new_database
from commandcenter.demonstration.shift_accounts import shift_accounts
from commandcenter.demonstration.shift_actions import ShiftActions
from commandcenter.demonstration.shift_view import ShiftView
from commandcenter.domain import commands as wish
from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.commands.orders import AcceptOrder, RefuseOrder
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.places import Spot
from commandcenter.domain.rosters import Roster, Shift
from commandcenter.domain.teams import Crew, CrewStatus
from commandcenter.protocol import codec
from commandcenter.protocol.events import Frame
from commandcenter.server.auth.accounts import hashed, put
from commandcenter.server.platform import open_platform
from commandcenter.server.storage.tables import audit
from commandcenter.simulation import district, reference
from commandcenter.simulation.words import DemoPhrases
from commandcenter.sync.demo_accounts import DemoAccount, of_district
from resources import path
from tests.kit.console import until
from tests.kit.crews import assigned
from tests.kit.loopback import serving

PASSWORD = "a password of the tests"
DATA = reference.read(path("demo"))
STREET = "340111003"
_APPLIED = select(audit.c.action).where(audit.c.outcome == "applied")
HALL = (Role.DISPATCHER, Role.INTAKE_CLERK, Role.SHIFT_LEADER, Role.SYSTEM)


def seated(connection: Connection) -> list[DemoAccount]:
    """The hall's own seats, and hands for all holders."""
    kept = hashed(PASSWORD)
    for role in HALL:
        put(connection, Person(role.value, role, Scope("baohe")), kept)
    return [row(role.value, role) for role in HALL] + shift_accounts(connection, "baohe")


def row(user: str, role: Role, **scope: str) -> DemoAccount:
    return DemoAccount(user, PASSWORD, role.value, Scope("baohe", **scope))


def a_hall(data: Path) -> list[DemoAccount]:
    """Half a day's cases in `data`; gives the accounts."""
    now = datetime.now(UTC)
    span = seed.SeedPeriod(now - timedelta(days=1), now, 500, is_live=True)
    with new_database(data) as connection:
        seed.fill(connection, district.make(DATA), span, rng=3, now=now, tell=lambda line: None)
        return seated(connection)


async def test_the_hall_lives_until_it_is_stopped(tmp_path: Path) -> None:
    accounts = a_hall(tmp_path)
    wanted = {"take", "file", "dispatch", "accept", "report", "close", "locate_crew"}
    stop, done = asyncio.Event(), Counter[str]()
    with open_platform(tmp_path) as platform:
        async with serving(platform) as http, asyncio.TaskGroup() as group:
            group.create_task(shift.run(str(http.base_url), accounts, stop=stop, beat=0.1, turn=0.05))
            async with asyncio.timeout(300):
                while not wanted <= done.keys():
                    await asyncio.sleep(0.1)
                    with platform.readers.engine.connect() as connection:
                        done = Counter(connection.execute(_APPLIED).scalars())
            stop.set()
        assert all(done[name] for name in wanted)


@pytest.mark.expects_log("the shift waits")
async def test_a_platform_that_is_not_there_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(shift.run("http://127.0.0.1:9", [row("dispatcher", Role.DISPATCHER)], stop=stop))
        await until(lambda: "the shift waits" in caplog.text)
        stop.set()


@pytest.mark.expects_log("no shift is played")
async def test_without_anybody_who_sees_the_district_there_is_no_shift(caplog: pytest.LogCaptureFixture) -> None:
    other = [DemoAccount("x", "x", "dispatcher", Scope("elsewhere"))]
    await shift.run("http://127.0.0.1:9", other, stop=asyncio.Event())
    assert "no shift is played" in caplog.text


NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def hall_seen(cases: list[Case]) -> tuple[ShiftView, ShiftActions]:
    watch = ShiftView(set())
    watch.cases.update({case.id: case for case in cases})
    watch.kinds.update({kind.id: kind for kind in DATA.kinds})
    people = [row("dispatcher", Role.DISPATCHER), row("unit", Role.UNIT, unit=f"u-{STREET}-urban", street=STREET)]
    staff = of_district(people, "baohe")
    return watch, ShiftActions(watch, staff, DATA.kind_data["kind"], DemoPhrases(DATA.words), random.Random(1))


def a_case(number: int, stage: Stage, *, holder: str | None = None, age: timedelta = timedelta(hours=1)) -> Case:
    at = NOW - age
    return Case(
        id=f"case-{number}", rev=3, stage=stage, tier=Tier.STREET, channel="grid", received_at=at, kind="e0101",
        street=STREET, filed_at=at, dispatched_at=at, responsible=holder,
    )  # fmt: skip


def everything(deeds: ShiftActions) -> list[wish.Command]:
    return [order.command for _ in range(60) for _, order in deeds.next(NOW, share=1)]


def by_somebody(case: Case, *, cmd_id: str, actor: str) -> Frame:
    return Frame(
        seq=9,
        prev=8,
        facts=(),
        records=(codec.record_envelope(case),),
        cmd_id=cmd_id,
        actor=actor,
        at=datetime.now(UTC),
    )


def test_some_of_every_pile_is_left_for_the_visitor() -> None:
    holder = f"u-{STREET}-urban"
    filed = [a_case(n, Stage.FILED) for n in range(14)]
    sent = [a_case(100 + n, Stage.DISPATCHED, holder=holder) for n in range(9)]
    assert everything(hall_seen(filed + sent)[1]) == []


def test_nothing_is_done_in_haste() -> None:
    young = [a_case(n, Stage.DISPATCHED, holder=f"u-{STREET}-urban", age=timedelta(seconds=20)) for n in range(40)]
    assert everything(hall_seen(young)[1]) == []


def test_a_case_on_which_a_visitor_acted_is_not_dispatched_by_the_shift() -> None:
    cases = [a_case(n, Stage.FILED) for n in range(30)]
    watch, deeds = hall_seen(cases)
    watch.holders.update({f"u-{STREET}-urban": None})  # type: ignore[dict-item]  # only its being there is asked
    for case in cases[:29]:
        watch.apply(by_somebody(case, cmd_id="a visitor's", actor="dispatcher"))
    assert {command.case for command in everything(deeds) if isinstance(command, wish.Dispatch)} == {"case-29"}


def test_what_the_visitor_sent_is_taken_on_unless_the_visitor_sits_there() -> None:
    cases = [a_case(n, Stage.DISPATCHED, holder=f"u-{STREET}-urban") for n in range(20)]
    watch, deeds = hall_seen(cases)
    for case in cases:
        watch.apply(by_somebody(case, cmd_id="a visitor's", actor="dispatcher"))
    assert any(isinstance(command, wish.Accept) for command in everything(deeds))
    watch.apply(by_somebody(cases[0], cmd_id="a visitor's", actor="unit"))
    assert everything(deeds) == []


def under_way(watch: ShiftView, fleet: CrewMoves) -> list[wish.LocateCrew]:
    """The reports of the only crew until it stays where it is, as the platform then shows it."""
    told: list[wish.LocateCrew] = []
    while len(told) < 400 and (moves := fleet.turn(most=1, seconds=2.5)):
        told += moves
        watch.crews["c"] = replace(watch.crews["c"], status=moves[-1].status, spot=moves[-1].spot)
        if moves[-1].status is CrewStatus.AVAILABLE:
            break
    return told


def test_a_crew_that_is_sent_goes_straight_to_its_job_and_when_released_back_to_rest() -> None:
    watch, _ = hall_seen([a_case(1, Stage.HANDLING, holder="u")])
    start, goal = Spot(117.29, 31.84), Spot(117.30, 31.85)
    job = replace(a_case(2, Stage.HANDLING, holder="u"), spot=goal)
    watch.cases[job.id] = job
    watch.crews["c"] = Crew("c", 1, "城管一队", "u", STREET, CrewStatus.AVAILABLE, NOW, start, NOW)
    fleet = CrewMoves(watch, random.Random(1))
    assert fleet.free(job, NOW) == watch.crews["c"]
    assert fleet.free(replace(job, responsible="another"), NOW) is None
    watch.crews["c"] = replace(watch.crews["c"], status=CrewStatus.DISPATCHED, **assigned(job.id, "ordered"))
    assert (fleet.free(job, NOW), fleet.turn(most=1, seconds=2.5)) == (None, [])  # it waits for its unit
    watch.crews["c"] = replace(watch.crews["c"], status=CrewStatus.EN_ROUTE, **assigned(job.id))
    told = under_way(watch, fleet)
    assert list(dict.fromkeys(one.status for one in told)) == [
        CrewStatus.EN_ROUTE, CrewStatus.ON_SCENE, CrewStatus.HANDLING,
    ]  # fmt: skip
    driven = [one.spot for one in told if one.status is CrewStatus.EN_ROUTE]
    assert all(abs((spot.lon - start.lon) - (spot.lat - start.lat)) < 1e-5 for spot in driven)
    assert (told[-1].spot, fleet.turn(most=1, seconds=2.5)) == (goal, [])  # it works there until it is released
    watch.crews["c"] = replace(watch.crews["c"], status=CrewStatus.RETURNING, assignments=())
    assert [one.status for one in under_way(watch, fleet)][-1] is CrewStatus.AVAILABLE
    assert toward(start, goal, 1e6) == goal


def test_crews_go_on_and_off_duty_by_their_rosters_and_never_from_a_job() -> None:
    watch, _ = hall_seen([])
    fleet, changes = CrewMoves(watch, random.Random(1)), DutyChanges(watch, random.Random(1))
    shifts = tuple(Shift(NOW + timedelta(hours=at - 8), NOW + timedelta(hours=at)) for at in (0, 24))
    home = Spot(117.29, 31.84)
    for key, status, more in (
        ("patrols", CrewStatus.AVAILABLE, {}),
        ("works", CrewStatus.HANDLING, assigned("case-1")),
        ("late", CrewStatus.OFF_DUTY, {}),
        ("free", CrewStatus.AVAILABLE, {}),  # it has no roster
    ):
        watch.crews[key] = Crew(key, 1, key, "u", STREET, status, NOW, home, NOW, **more)
    for key in ("patrols", "works", "late"):
        watch.rosters[key] = Roster(key, 1, "u", STREET, shifts)

    def reported(after: timedelta) -> set[tuple[str, str]]:
        told = [one for _ in range(60) for one in changes.turn(NOW + after, most=2)]
        return {(one.crew, one.status.value) for one in told}

    case = a_case(1, Stage.HANDLING, holder="u")
    assert reported(timedelta(minutes=-5)) == {("late", "available")}
    assert fleet.free(case, NOW - timedelta(minutes=5)) == watch.crews["patrols"]
    assert reported(timedelta(minutes=5)) == {("patrols", "off_duty")}
    assert fleet.free(case, NOW + timedelta(minutes=5)) == watch.crews["free"]
    watch.crews["works"] = replace(watch.crews["works"], status=CrewStatus.RETURNING, assignments=())
    assert ("works", "off_duty") in reported(timedelta(minutes=20))
    assert reported(timedelta(days=3)) == set()  # the roster has run out


def test_crews_that_do_not_move_report_in_turn_where_they_are() -> None:
    watch, _ = hall_seen([])
    here, away = Spot(117.29, 31.84), timedelta(minutes=9)
    watch.crews["c"] = Crew("c", 1, "一队", "u", STREET, CrewStatus.HANDLING, NOW, here, NOW)
    watch.crews["d"] = replace(watch.crews["c"], id="d", seen_at=NOW - away)
    watch.crews["e"] = replace(watch.crews["c"], id="e", status=CrewStatus.OFF_DUTY, seen_at=NOW - 2 * away)
    watch.crews["f"] = replace(watch.crews["c"], id="f", spot=None, seen_at=None)
    fleet = CrewMoves(watch, random.Random(1))
    assert fleet.resting() == [wish.LocateCrew("d", here, CrewStatus.HANDLING)]
    watch.crews["d"] = replace(watch.crews["d"], seen_at=NOW + away)
    assert [one.crew for one in fleet.resting()] == ["c"]


def test_an_order_that_a_visitor_gave_is_answered_by_the_unit_after_a_while() -> None:
    watch, deeds = hall_seen([a_case(1, Stage.HANDLING, holder=f"u-{STREET}-urban")])
    crew = Crew(
        "c", 1, "城管一队", f"u-{STREET}-urban", STREET, CrewStatus.DISPATCHED, NOW, **assigned("case-1", "ordered")
    )
    watch.crews["c"] = crew
    assert everything(deeds) == []
    watch.crews["c"] = replace(crew, status_since=NOW - timedelta(minutes=1))
    answers = {type(command) for command in everything(deeds)}
    assert answers == {AcceptOrder, RefuseOrder}  # by chance one or the other, until the order is gone
