"""Generates what happens to a case of the district between its filing and its report: leads, refusals, sub-tasks."""

import random
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from commandcenter.domain.cases import Case, Tier
from commandcenter.domain.commands.leading import LeadRefused, LeadSet
from commandcenter.domain.commands.task_changes import TaskAccepted, TaskAsked, TaskReported
from commandcenter.domain.commands.tiers import Escalated
from commandcenter.domain.decisions import evolve
from commandcenter.domain.facts import Accepted, Fact
from commandcenter.domain.places import Grid
from commandcenter.domain.tasks import Task, TaskKind, TaskState, task_id
from commandcenter.simulation.coordination import Coordination, Course
from commandcenter.simulation.day import to_millisecond

_LATE = timedelta(days=1)  # for who is asked to help with a case that is overdue
_COORDINATORS, _STREETS = 2, 13  # seats


@dataclass(frozen=True, slots=True)
class CaseOfDistrict:
    """A case that the district settles, from its filing on: when it was filed and `escalated`, and when it is due."""

    case: str
    kind: str
    grid: Grid
    filed: datetime
    escalated: datetime
    due: datetime


class LeadHistories:
    """Turns the courses of `coordination` into facts; `names` are the short names of the bodies, by which they act."""

    def __init__(self, coordination: Coordination, names: Callable[[str], str]) -> None:
        self._coordination, self._name = coordination, names

    def of(
        self, one: CaseOfDistrict, course: Course, chance: random.Random
    ) -> Generator[Fact, None, tuple[str, datetime]]:
        """Yields the facts; returns the body that leads in the end and when its co-handlers have done their parts."""
        by, said = f"统筹{1 + chance.randrange(_COORDINATORS):02d}", self._coordination.said
        street = f"街镇{1 + chance.randrange(_STREETS):02d}"
        yield Escalated(one.case, street, one.escalated, Tier.STREET, said("escalated", chance))
        at = _later(one.escalated, 4, 60, chance)
        yield Escalated(one.case, street, at, Tier.DISTRICT, said("escalated", chance))
        for lead, (objection, reason) in zip(course.leads, course.objections, strict=False):
            at = _later(at, 20, 160, chance)
            yield LeadSet(one.case, by, at, lead)
            at = _later(at, 30, 200, chance)
            yield LeadRefused(one.case, self._name(lead), at, lead, objection, reason)
        at, lead = _later(at, 15, 120, chance), course.leads[-1]
        yield LeadSet(one.case, by, at, lead)
        asked = [self._asked(one, by, helper, at, chance) for helper in course.helpers]
        accepted = Accepted(one.case, self._name(lead), _later(at, 10, 90, chance))
        parts = [fact for ask in asked for fact in self._done(ask, chance)]
        told = sorted((*asked, accepted, *parts), key=lambda fact: fact.at)
        yield from told
        return lead, told[-1].at

    def _asked(self, one: CaseOfDistrict, by: str, helper: str, at: datetime, chance: random.Random) -> TaskAsked:
        key, note = task_id(one.case, helper, TaskKind.CO_HANDLING), self._coordination.said("words", chance)
        at = _later(at, 2, 9, chance)
        due = one.due if one.due > at else at + _LATE
        return TaskAsked(one.case, by, at, key, TaskKind.CO_HANDLING, helper, due, note)

    def _done(self, ask: TaskAsked, chance: random.Random) -> Iterator[Fact]:
        """Yields how the body that was asked accepts and does its part."""
        name, accepted = self._name(ask.holder), _later(ask.at, 20, 240, chance)
        yield TaskAccepted(ask.case, ask.task, name, accepted)
        finding = self._coordination.said("done", chance)
        yield TaskReported(ask.case, ask.task, name, _later(accepted, 60, 900, chance), finding)


def tasks_of(lives: Iterable[Sequence[Fact]]) -> list[Task]:
    """Returns the sub-tasks of those cases that are open after the facts of their lives."""
    return [task for life in lives for task in _tasks(life)]


def _tasks(life: Sequence[Fact]) -> Iterator[Task]:
    asked = [fact for fact in life if isinstance(fact, TaskAsked)]
    if not asked:
        return
    case: Any = None
    for fact in life:
        case = evolve(case, fact)
    assert isinstance(case, Case)
    if case.is_open:
        for ask in asked:
            yield _task(case, ask, [fact for fact in life if getattr(fact, "task", "") == ask.task and fact is not ask])


def _task(case: Case, ask: TaskAsked, happened: Sequence[Fact]) -> Task:
    begun: Any = Task(
        id=ask.task,
        rev=1,
        case=case.id,
        kind=ask.kind,
        holder=ask.holder,
        state=TaskState.WAITING,
        street=case.street,
        lead=case.responsible,
        asked_at=ask.at,
        due=ask.due,
        green_until=ask.due and ask.at + (ask.due - ask.at) * 0.8,
        note=ask.note,
    )
    for fact in happened:
        begun = evolve(begun, fact)
    assert isinstance(begun, Task)
    return begun


def _later(at: datetime, least: int, most: int, chance: random.Random) -> datetime:
    """Returns a moment between `least` and `most` minutes after `at`, more often soon."""
    return to_millisecond(at + timedelta(minutes=least + (most - least) * chance.random() ** 2))
