"""Leads and co-handlers: who is asked, what each may do with its part, and what becomes of it when the lead changes."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from commandcenter.domain.calendar import weekly
from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.commands import Accept, Close, Command, Dispatch, Report
from commandcenter.domain.commands.co_handling import AddCoHandler, OverrideTasks, RemoveCoHandler, Whistle
from commandcenter.domain.commands.leading import ChangeLead, RefuseLead, SetLead
from commandcenter.domain.commands.own_tasks import AcceptTask, Arrive, RefuseTask, ReportTask
from commandcenter.domain.commands.reopening import Reopen
from commandcenter.domain.commands.tiers import SendDown
from commandcenter.domain.decisions import decide
from commandcenter.domain.kinds import Kind, Limit, Measure
from commandcenter.domain.people import Holder, HolderKind, Person, Role, Scope
from commandcenter.domain.records import Record
from commandcenter.domain.tasks import Objection, Task
from commandcenter.domain.visibility import sees
from tests.kit.deciding import Deciding
from tests.kit.district import NOON

COORDINATOR = Person("coordinator", Role.COORDINATOR, Scope("d1"))
DISPATCHER = Person("dispatcher", Role.DISPATCHER, Scope("d1"))
SHIFT = Person("shift", Role.SHIFT_LEADER, Scope("d1"))
STREET = Person("east-desk", Role.STREET_DISPATCHER, Scope("d1", street="east"))
HOUSING, HEALTH, WATER = (
    Person(name, Role.DEPARTMENT, Scope("d1", department=name)) for name in ("housing", "health", "water")
)
DUE = NOON + timedelta(hours=10)


class Hall(Deciding):
    """A case of the district that nobody leads yet, and three departments."""

    def __init__(self, **case: Any) -> None:
        at = {"kind": "pipe", "street": "east", "tier": Tier.DISTRICT, "stage": Stage.FILED, "due": DUE}
        made: list[Record] = [
            Holder(name, 1, HolderKind.DEPARTMENT, name, name) for name in ("housing", "health", "water")
        ]
        made.append(Kind("pipe", 1, "供水", "event", "市政", Limit(4, Measure.WORKING_HOURS)))
        made.append(weekly("Asia/Shanghai", days=7, spans=((0, 1440),)))
        made.append(replace(Case("c", 1, Stage.FILED, Tier.DISTRICT, "hotline", NOON), **at, **case))
        super().__init__(made)

    def all(self, *acts: tuple[Command, Person]) -> None:
        """Does all of it."""
        for command, by in acts:
            assert self.does(command, by) is None, command

    @property
    def case(self) -> Case:
        return self.find("case", "c")

    def task(self, holder: str, kind: str = "") -> Task:
        return self.find("task", f"c.{holder}{kind}")

    @property
    def told(self) -> tuple[Any, ...]:
        """Stage, lead and sub-tasks of the case."""
        return (*self.led, [(one.holder, one.state.value) for one in self.case.tasks])

    @property
    def led(self) -> tuple[str, str | None]:
        return self.case.stage.value, self.case.responsible


def led(*more: tuple[Command, Person]) -> Hall:
    """A case that housing leads and with which health helps, and has accepted to."""
    hall = Hall()
    hall.all((SetLead("c", "housing"), COORDINATOR), (AddCoHandler("c", "health"), COORDINATOR))
    hall.all((Accept("c"), HOUSING), (AcceptTask("c"), HEALTH), *more)
    return hall


def test_a_lead_reports_when_its_co_handler_has_done_its_part() -> None:
    hall = led()
    assert hall.told == ("handling", "housing", [("health", "working")])
    assert hall.does(Report("c", "办好"), HOUSING) == "tasks_open"
    assert hall.does(Report("c", "办好"), HEALTH) == "not_yours"
    hall.all((ReportTask("c", "水样合格"), HEALTH), (Report("c", "办好"), HOUSING), (Close("c"), SHIFT))
    assert hall.told == ("closed", "housing", [("health", "reported")])
    done = hall.task("health")
    assert (done.finding, done.state.value, done.ended_at, done.lead) == ("水样合格", "reported", NOON, "housing")


def test_who_is_asked_sees_the_case_until_it_refuses_and_the_lead_sees_every_part() -> None:
    hall = Hall()
    hall.all((SetLead("c", "housing"), COORDINATOR))
    assert [sees(who, hall.case) for who in (HOUSING, HEALTH)] == [True, False]
    hall.all((AddCoHandler("c", "health", due=NOON + timedelta(hours=5)), COORDINATOR))
    part = hall.task("health")
    assert [sees(who, part) for who in (HOUSING, HEALTH, WATER, STREET)] == [True, True, False, True]
    assert (part.due, part.green_until) == (NOON + timedelta(hours=5), NOON + timedelta(hours=4))
    hall.all((RefuseTask("c", Objection.NO_POWER, "无设施管理职权"), HEALTH))
    assert [sees(who, hall.case) for who in (HOUSING, HEALTH)] == [True, False]
    assert [sees(who, hall.task("health")) for who in (HOUSING, HEALTH)] == [True, False]
    assert (hall.task("health").objection, hall.told[2]) == (Objection.NO_POWER, [("health", "refused")])


def test_a_refused_part_is_asked_for_again_or_taken_off() -> None:
    hall = Hall()
    hall.all((SetLead("c", "housing"), COORDINATOR), (AddCoHandler("c", "health"), COORDINATOR))
    assert hall.does(AddCoHandler("c", "health"), COORDINATOR) == "asked_already"
    assert hall.does(AddCoHandler("c", "housing"), COORDINATOR) == "leads_already"
    hall.all((RefuseTask("c", Objection.FACTS_WRONG), HEALTH), (AddCoHandler("c", "health"), COORDINATOR))
    assert (hall.told[2], hall.task("health").objection, hall.task("health").rev) == ([("health", "waiting")], None, 3)
    assert hall.does(RemoveCoHandler("c", "water", "不用了"), COORDINATOR) == "no_task"
    hall.all((RemoveCoHandler("c", "health", "不用了"), COORDINATOR))
    assert (hall.told[2], hall.task("health").state.value) == ([], "cancelled")
    assert hall.does(AcceptTask("c"), HEALTH) == "unknown_case"


def test_a_lead_that_refuses_is_named_and_the_coordinator_has_the_case_again() -> None:
    hall = Hall()
    hall.all((SetLead("c", "housing"), COORDINATOR), (AddCoHandler("c", "health"), COORDINATOR))
    assert hall.does(RefuseLead("c", Objection.NOT_OUR_DUTY), HEALTH) == "not_yours"
    hall.all((RefuseLead("c", Objection.DUTY_OF_ANOTHER, "属水务"), HOUSING))
    said = hall.case.objection
    assert said is not None
    assert (hall.led, said.holder, said.code, said.reason) == (
        ("filed", None),
        "housing",
        Objection.DUTY_OF_ANOTHER,
        "属水务",
    )
    assert (hall.told[2], hall.task("health").lead) == ([("health", "waiting")], None)
    hall.all((SetLead("c", "water"), COORDINATOR))
    assert (hall.led, hall.case.objection, hall.case.hops, hall.task("health").lead) == (
        ("dispatched", "water"),
        None,
        2,
        "water",
    )


def test_a_choice_keeps_the_rank_that_it_had_among_those_proposed() -> None:
    hall = Hall()
    chosen: Any = decide(hall, SetLead("c", "housing", rank=2), COORDINATOR, NOON)
    assert (chosen[0].to, chosen[0].rank) == ("housing", 2)
    hall.all((SetLead("c", "housing"), COORDINATOR), (Accept("c"), HOUSING))
    changed: Any = decide(hall, ChangeLead("c", "water", "泵房属水务", rank=1), COORDINATOR, NOON)
    assert (changed[0].to, changed[0].rank) == ("water", 1)


def test_a_change_of_lead_keeps_the_parts_but_that_of_the_new_lead() -> None:
    hall = led((AddCoHandler("c", "water"), COORDINATOR))
    assert hall.does(ChangeLead("c", "housing", "改派"), COORDINATOR) == "leads_already"
    hall.all((ChangeLead("c", "water", "泵房属水务"), COORDINATOR))
    assert hall.told == ("dispatched", "water", [("health", "working")])
    assert (hall.task("health").lead, hall.task("water").state.value) == ("water", "cancelled")
    assert not sees(HOUSING, hall.case)
    assert not sees(HOUSING, hall.task("health"))
    hall.all((ReportTask("c", "水样合格"), HEALTH), (Accept("c"), WATER), (Report("c", "修好"), WATER))


def test_the_coordinator_passes_over_a_silent_co_handler_by_facts() -> None:
    hall = led((AddCoHandler("c", "water"), COORDINATOR), (ReportTask("c", "水样合格"), HEALTH))
    assert hall.does(OverrideTasks("c", "  "), COORDINATOR) == "nothing_said"
    hall.all((OverrideTasks("c", "水务逾期无人应答"), COORDINATOR))
    assert (hall.told[2], hall.task("water").reason) == ([("health", "reported")], "水务逾期无人应答")
    assert hall.does(OverrideTasks("c", "再来"), COORDINATOR) == "no_open_tasks"
    assert hall.does(ReportTask("c", "迟到的反馈"), WATER) == "unknown_case"
    hall.all((Report("c", "办好"), HOUSING))


def test_a_part_cannot_be_reported_after_its_case_was_closed_nor_twice() -> None:
    hall = led((ReportTask("c", "水样合格"), HEALTH))
    assert hall.does(ReportTask("c", "再报"), HEALTH) == "no_co_handling"
    hall.all((Report("c", "办好"), HOUSING), (Close("c"), SHIFT))
    assert hall.does(ReportTask("c", "再报"), HEALTH) == "stage"


def test_a_whistled_body_appears_in_time_or_is_let_go_with_the_report() -> None:
    hall = Hall(responsible="housing")
    hall.records["case", "c"] = replace(hall.case, stage=Stage.HANDLING, tier=Tier.STREET)
    assert hall.does(Whistle("c", "health", "现场会商"), STREET) == "no_moment"
    assert hall.does(Whistle("c", "health", "现场会商", NOON), STREET) == "time_past"
    hall.all((Whistle("c", "health", "现场会商", NOON + timedelta(hours=2)), STREET))
    hall.all((Whistle("c", "water", "现场会商", NOON + timedelta(hours=2)), STREET), (Arrive("c"), HEALTH))
    assert (hall.task("health", ".whistle").done_at, hall.told[2]) == (
        NOON,
        [("water", "waiting"), ("health", "reported")][::-1],
    )
    hall.all((Report("c", "办好"), HOUSING))
    assert (hall.told[2], hall.task("water", ".whistle").state.value) == ([("health", "reported")], "cancelled")


def test_what_the_district_gives_back_to_a_street_needs_no_open_part() -> None:
    hall = led((AddCoHandler("c", "water"), COORDINATOR), (ReportTask("c", "水样合格"), HEALTH))
    hall.all((SendDown("c", "街镇能办"), DISPATCHER))
    assert (hall.case.tier, hall.told) == (Tier.STREET, ("filed", None, [("health", "reported")]))


def test_a_dispatch_to_a_department_makes_it_the_lead_and_a_new_cycle_begins_without_parts() -> None:
    hall = Hall()
    hall.records["case", "c"] = replace(hall.case, tier=Tier.STREET)
    hall.all((Dispatch("c", "housing"), DISPATCHER))
    assert (hall.case.tier, hall.led, hall.case.hops) == (Tier.DISTRICT, ("dispatched", "housing"), 1)
    hall.all((AddCoHandler("c", "health"), COORDINATOR), (AcceptTask("c"), HEALTH), (Accept("c"), HOUSING))
    hall.all((ReportTask("c", "合格"), HEALTH), (Report("c", "办好"), HOUSING), (Close("c"), SHIFT))
    hall.all((Reopen("c", "又坏了"), SHIFT), (AddCoHandler("c", "health"), COORDINATOR))
    assert (hall.told, hall.task("health").ended_at) == (("handling", "housing", [("health", "waiting")]), None)


@pytest.mark.parametrize(
    ("changed", "command", "by", "code"),
    [
        ({}, SetLead("c", "nobody"), COORDINATOR, "unknown_holder"),
        ({}, SetLead("c", "housing"), DISPATCHER, "role"),
        ({"tier": Tier.STREET}, SetLead("c", "housing"), COORDINATOR, "not_of_district"),
        ({"tier": Tier.STREET}, AddCoHandler("c", "housing"), COORDINATOR, "not_of_district"),
        ({}, AddCoHandler("c", "health", due=NOON), COORDINATOR, "time_past"),
        ({}, AddCoHandler("c", "nobody"), COORDINATOR, "unknown_holder"),
        ({}, RemoveCoHandler("c", "health", "不用"), COORDINATOR, "no_tasks"),
        ({}, ChangeLead("c", "health", "改"), COORDINATOR, "stage"),
        ({}, SetLead("c", "housing", rank=0), COORDINATOR, "bad_value"),
        ({}, SetLead("c", "housing", rank=101), COORDINATOR, "bad_value"),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, Any], command: Command, by: Person, code: str) -> None:
    hall = Hall()
    hall.records["case", "c"] = replace(hall.case, **changed)
    before = dict(hall.records)
    assert hall.does(command, by) == code
    assert hall.records == before


def test_who_helps_with_an_overdue_case_needs_a_moment_that_lies_ahead() -> None:
    hall, later = Hall(), NOON + timedelta(hours=1)
    hall.records["case", "c"] = replace(hall.case, due=NOON)
    assert hall.does(AddCoHandler("c", "health"), COORDINATOR) == "no_moment"
    hall.all((AddCoHandler("c", "health", due=later), COORDINATOR))
    assert hall.task("health").due == later


def test_a_part_has_the_moment_of_its_case_unless_another_is_given() -> None:
    hall, later = Hall(), datetime(2026, 11, 24, 9, tzinfo=NOON.tzinfo)
    hall.all((AddCoHandler("c", "health"), COORDINATOR), (AddCoHandler("c", "water", due=later), COORDINATOR))
    assert (hall.task("health").due, hall.task("water").due) == (DUE, later)


def test_since_when_nobody_leads_is_told_until_somebody_does() -> None:
    hall = Hall()
    assert hall.case.waits_since is None  # not kept of a case that was filed before
    hall.all((SetLead("c", "housing"), COORDINATOR))
    assert hall.does(RefuseLead("c", Objection.NOT_OUR_DUTY), HOUSING, at=NOON + timedelta(minutes=7)) is None
    assert (hall.led, hall.case.waits_since) == (("filed", None), NOON + timedelta(minutes=7))
    hall.all((SetLead("c", "health"), COORDINATOR))
    assert hall.case.waits_since is None
    assert hall.does(SendDown("c", "街镇能办"), DISPATCHER, at=NOON + timedelta(minutes=9)) is None
    assert hall.case.waits_since == NOON + timedelta(minutes=9)
