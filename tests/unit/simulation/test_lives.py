"""The lives of generated cases: exact in number, in order of time, and such as the hall's own decisions would be."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely

from commandcenter.domain import commands as wish
from commandcenter.domain import facts as fact
from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.commands.co_handling import AddCoHandler
from commandcenter.domain.commands.leading import LeadRefused, LeadSet, RefuseLead, SetLead
from commandcenter.domain.commands.own_tasks import AcceptTask, ReportTask
from commandcenter.domain.commands.task_changes import TaskAccepted, TaskAsked, TaskReported
from commandcenter.domain.commands.tiers import Escalate, Escalated
from commandcenter.domain.decisions import Refused, decide, evolve
from commandcenter.domain.facts import Fact, records_of
from commandcenter.domain.lights import Light, light
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.records import Record, Ref, kind_of
from commandcenter.domain.soundness import unsound
from commandcenter.domain.tasks import Objection
from commandcenter.simulation import addresses, day, plans, present, rosters, teams
from commandcenter.simulation.district import DistrictMap

from .conftest import NOW, written


def folded(life: list[Fact]) -> Record:
    record = None
    for one in life:
        record = evolve(record, one)
    assert record is not None
    return record


def test_arrivals_are_exact_in_number_and_keep_within_their_time(made: DistrictMap) -> None:
    since = datetime(2020, 1, 1, tzinfo=UTC)
    came = day.arrivals(
        made.reference.channel_data,
        zone="Asia/Shanghai",
        since=since,
        until=since + timedelta(hours=30, minutes=20),
        total=777,
        chance=np.random.default_rng(1),
    )
    assert len(came.at) == 777
    assert (np.diff(came.at) >= 0).all()
    assert day.moment(int(came.at[0])) >= since
    assert day.moment(int(came.at[-1])) < since + timedelta(hours=30, minutes=20)


def test_more_cases_come_by_day_than_by_night(week: list[list[Fact]]) -> None:
    hours = [(life[0].at.hour + 8) % 24 for life in week]
    assert sum(9 <= hour < 12 for hour in hours) > 10 * sum(1 <= hour < 4 for hour in hours)


def test_the_archives_tiers_are_exact() -> None:
    shares = np.random.default_rng(2).uniform(0.2, 0.95, plans.ALL)
    found = plans.tiers(shares, np.random.default_rng(3))
    assert np.bincount(found).tolist() == [85_635, 21_548, 3_589]


def test_a_life_goes_forward_in_time_and_ends_closed(week: list[list[Fact]]) -> None:
    assert len(week) == 3178
    for life in week:
        assert all(one.at <= other.at for one, other in pairwise(life))
        assert folded(life).stage is Stage.CLOSED


def test_numbers_count_the_cases_of_each_local_day(week: list[list[Fact]]) -> None:
    seen: dict[str, int] = {}
    for life in week:
        prefix, date, count = str(life[0].number).split("-")
        seen[date] = seen.get(date, 0) + 1
        assert (prefix, int(count)) == ("包河", seen[date])
        assert (life[0].at + timedelta(hours=8)).strftime("%Y%m%d") == date


def test_every_spot_lies_in_the_cases_grid_and_street(made: DistrictMap, week: list[list[Fact]]) -> None:
    shapes = {area.grid.id: area.shape for area in made.today}
    taken = [life[0] for life in week]
    spots = shapely.points([(one.spot.lon, one.spot.lat) for one in taken])
    assert shapely.contains(np.array([shapes[one.grid] for one in taken]), spots).all()
    assert shapely.contains(np.array([made.street_shapes[one.street] for one in taken]), spots).all()


def test_the_archive_names_the_grids_of_its_time(made: DistrictMap) -> None:
    grids = {area.grid.id for area in made.archive}
    old = written(made, np.random.default_rng(5), archive=True)
    assert {life[0].grid for life in old} <= grids
    held = {one.to for life in old for one in life if isinstance(one, fact.Dispatched) and one.tier is Tier.GRID}
    assert held <= {teams.grid_team(grid) for grid in grids}


def test_the_same_chance_makes_the_same_lives(made: DistrictMap, week: list[list[Fact]]) -> None:
    assert written(made, np.random.default_rng(5)) == week
    assert written(made, np.random.default_rng(6)) != week


def test_texts_say_something_and_leave_no_slot_open(week: list[list[Fact]]) -> None:
    texts = [life[0].text for life in week]
    assert len(set(texts)) > 1500
    assert not any("{" in text or len(text) < 6 for text in texts)


@dataclass
class _Hall:
    """What a decision sees: the reference and one case."""

    records: dict[tuple[str, str], Record]
    number: str | None = None

    def find(self, kind: str, key: str) -> Record | None:
        return self.records.get((kind, key))

    def adopters(self, ref: Ref) -> frozenset[str]:
        return frozenset()

    def new_number(self, at: datetime) -> str | None:
        return self.number


def _wish(one: Fact, by_hand: set[str]) -> tuple[wish.Command, Role]:
    """The command that leads to a fact, and who gives it."""
    if isinstance(one, fact.Taken):
        names = {field.name for field in fields(wish.Take)} - {"sealed"}
        return wish.Take(
            **{name: getattr(one, name) for name in names}
        ), Role.INTAKE_CLERK if one.channel in by_hand else Role.CHANNEL
    to, note = getattr(one, "to", ""), getattr(one, "note", "")
    finding, reason, due = getattr(one, "finding", ""), getattr(one, "reason", ""), getattr(one, "due", None)
    made: dict[type, tuple[wish.Command, Role]] = {
        fact.Filed: (wish.File(one.case, getattr(one, "kind", None)), Role.SHIFT_LEADER),
        fact.Dispatched: (wish.Dispatch(one.case, to, note), Role.DISPATCHER),
        fact.Accepted: (wish.Accept(one.case), Role.UNIT),
        fact.Reported: (wish.Report(one.case, finding), Role.UNIT),
        fact.Closed: (wish.Close(one.case, note), Role.INTAKE_CLERK),
        fact.ReturnApplied: (wish.ApplyReturn(one.case, reason), Role.UNIT),
        fact.ReturnApproved: (wish.ApproveReturn(one.case, note), Role.DISPATCHER),
        fact.ReturnDenied: (wish.DenyReturn(one.case, reason), Role.DISPATCHER),
        Escalated: (Escalate(one.case, reason), Role.STREET_DISPATCHER),
        LeadSet: (SetLead(one.case, to, note), Role.COORDINATOR),
        LeadRefused: (RefuseLead(one.case, getattr(one, "objection", Objection.NO_POWER), reason), Role.DEPARTMENT),
        TaskAsked: (AddCoHandler(one.case, getattr(one, "holder", ""), note, due), Role.COORDINATOR),
        TaskAccepted: (AcceptTask(one.case), Role.DEPARTMENT),
        TaskReported: (ReportTask(one.case, finding), Role.DEPARTMENT),
    }
    return made[type(one)]


def _person(one: Fact, role: Role, case: Any) -> Person:
    """Who gives the command: of a body the holder of the case, or the one that was asked."""
    own = one.task.split(".")[1] if isinstance(one, (TaskAccepted, TaskReported)) else case and case.responsible
    part = {Role.UNIT: "unit", Role.DEPARTMENT: "department"}.get(role)
    return Person(one.by, role, Scope("baohe", **({part: own} if part else {})))


def test_the_halls_own_decisions_would_have_been_the_same(made: DistrictMap, week: list[list[Fact]]) -> None:
    data = made.reference
    places = (*made.streets, *made.communities, *(area.grid for area in made.today))
    held = (data.district, data.calendar, *data.kinds, *data.channels, *places, *teams.holders(made))
    hall = _Hall({(kind_of(record), record.id): record for record in held})
    by_hand = {channel.id for channel in data.channels if channel.by_hand}
    returned = [life for life in week if len(life) > 6]
    assert returned
    coordinated = [life for life in week if any(isinstance(one, LeadSet) for one in life)]
    assert {type(one) for life in coordinated for one in life} > {LeadRefused, TaskAsked}
    for life in (*week[::40], *returned[:40], *coordinated[:60]):
        case = None
        for one in life:
            command, role = _wish(one, by_hand)
            hall.number = getattr(one, "number", None)
            decided = decide(hall, command, _person(one, role, case), one.at)
            assert not isinstance(decided, Refused), (decided, one)
            assert [here for here in decided if ("case", one.case) in records_of(here)] == [one]
            case = evolve(case, one)
            hall.records["case", one.case] = case
        del hall.records["case", life[0].case]


@pytest.mark.parametrize("hour", [2, 9, 15, 22])
def test_in_the_middle_of_a_shift_there_is_work_on_every_desk(
    made: DistrictMap, week: list[list[Fact]], hour: int
) -> None:
    now = NOW.replace(hour=0) + timedelta(hours=hour - 8)
    begun = [life for life in week if life[0].at <= now]
    lives = present.cut_at_now(begun, now, made.reference.words, np.random.default_rng(1))
    cases = [folded(life) for life in lives]
    standing = [case for case in cases if case.is_open]
    assert 200 < len(standing) < 900
    assert {case.stage for case in standing} == {
        Stage.RECEIVED, Stage.FILED, Stage.DISPATCHED, Stage.HANDLING, Stage.REPORTED,
    }  # fmt: skip
    assert {light(case, now) for case in standing} == set(Light)
    assert {case.tier for case in standing} == set(Tier)
    assert sum(case.application is not None for case in standing) >= 5
    assert all(one.at <= now for life in lives for one in life)


def test_crews_belong_to_units_and_stand_in_their_street(made: DistrictMap, week: list[list[Fact]]) -> None:
    lives = present.cut_at_now(week, NOW, made.reference.words, np.random.default_rng(1))
    cases = {case.id: case for case in map(folded, lives) if case.is_open}
    idle, chance = teams.crews(made, NOW, np.random.default_rng(1)), np.random.default_rng(1)
    crews = teams.at_work(idle, rosters.rosters(made.reference, idle, NOW, chance), list(cases.values()), NOW, chance)
    units = {holder.id for holder in teams.holders(made)}
    assert 150 <= len(crews) <= 250
    assert {crew.unit for crew in crews} <= units
    jobs = [crew.job for crew in crews if crew.job]
    assert len(jobs) == len(set(jobs)) > 5
    assert all(cases[crew.job].responsible == crew.unit for crew in crews if crew.job)
    for crew in crews:
        assert made.street_shapes[crew.street].buffer(1e-6).contains(shapely.Point(crew.spot.lon, crew.spot.lat))


def test_crews_work_by_their_rosters_by_day_about_two_thirds_and_at_night_some_units_have_nobody(
    made: DistrictMap,
) -> None:
    for hours, least, most in ((0, 0.6, 0.75), (14, 0.1, 0.3)):  # 11:10 and 01:10 in the district
        now, chance = NOW + timedelta(hours=hours), np.random.default_rng(1)
        idle = teams.crews(made, now, chance)
        by_crew = rosters.rosters(made.reference, idle, now, chance)
        crews = teams.at_work(idle, by_crew, (), now, chance)
        assert least < sum(crew.is_on_duty for crew in crews) / len(crews) < most
        assert all(crew.is_on_duty is not by_crew[crew.id].is_off(now) for crew in crews)
        assert not any(unsound(roster) or len(roster.shifts) > 60 for roster in by_crew.values())
    on_duty = {crew.unit for crew in crews if crew.is_on_duty}
    assert {"u-340111001-police", "u-340111001-urban"} < on_duty
    assert "u-340111001-market" not in on_duty


def test_addresses_are_spread_over_all_grids(made: DistrictMap) -> None:
    places = addresses.make(made, np.random.default_rng(4))
    assert len(places.names) == len(places.points) == 7790
    assert len(set(places.names)) > 4000
