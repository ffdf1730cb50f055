"""Reads from the board what the next shift takes over: open cases, what is due, what was promised, crews on duty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from commandcenter.domain.cases import RUNNING, Case, Stage
from commandcenter.domain.hall_shift import HallShift
from commandcenter.domain.lights import Light, light
from commandcenter.domain.people import Person
from commandcenter.domain.tasks import Task, TaskKind, TaskState
from commandcenter.domain.teams import Assignment, AssignmentState, Crew, CrewStatus
from ui.kit import records

if TYPE_CHECKING:
    from commandcenter.store.board import Board

AHEAD = timedelta(hours=2)  # of the report: what breaches until then is named


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What a shift hands over, as the board had it at `at`; nothing that a petitioner said is told of a case.

    `stages` counts open cases by stage and light, `crews` crews by street and status. `overdue` and `due_soon` are the
    cases past their limit and those that reach it within AHEAD, `booked` the crews that are to be at a case later,
    `whistles` the calls to appear that wait, `applied` the cases whose holder waits for an answer, `lent` the crews
    that are to be given back; each in the order in which it falls due, but `overdue` as the queue has it: by how long.
    """

    at: datetime
    shift: HallShift
    person: Person
    stages: Mapping[tuple[Stage, Light], int]
    overdue: tuple[Case, ...]
    due_soon: tuple[Case, ...]
    booked: tuple[tuple[Crew, Assignment], ...]
    whistles: tuple[Task, ...]
    applied: tuple[Case, ...]
    lent: tuple[Crew, ...]
    crews: Mapping[tuple[str, CrewStatus], int]
    unsent: Mapping[str, int]


def read(board: Board, now: datetime, shift: HallShift, person: Person, unsent: Mapping[str, int]) -> Handover:
    """Returns what `person` hands over at `now`; `unsent` counts the acts by user that wait at this console."""
    cases = [case for case in records.every(board, Case) if case.is_open]
    running = sorted((one for one in cases if one.due and one.stage in RUNNING), key=lambda case: (case.due, case.id))
    crews = list(records.current(board, Crew))
    return Handover(
        at=now,
        shift=shift,
        person=person,
        stages=Counter((case.stage, light(case, now)) for case in cases),
        overdue=_overdue(board, [case for case in running if case.due is not None and case.due < now], now),
        due_soon=tuple(case for case in running if case.due is not None and now <= case.due <= now + AHEAD),
        booked=_booked(crews),
        whistles=_whistles(board),
        applied=tuple(sorted((one for one in cases if one.application), key=_applied_at)),
        lent=tuple(sorted((one for one in crews if _is_lent(one)), key=lambda one: one.id)),
        crews=Counter((crew.street, crew.status) for crew in crews),
        unsent={user: count for user, count in unsent.items() if count},
    )


def _overdue(board: Board, found: list[Case], now: datetime) -> tuple[Case, ...]:
    """Returns these with the one first that is overdue longest, by the clock that counts for each."""
    left = board.cases.urgency(now.timestamp())
    return tuple(sorted(found, key=lambda case: left[board.cases.slot(case.id)]))


def _booked(crews: list[Crew]) -> tuple[tuple[Crew, Assignment], ...]:
    found = [
        (one.booked_for, crew.id, crew, one)
        for crew in crews
        for one in crew.assignments
        if one.state is AssignmentState.BOOKED and one.booked_for is not None
    ]
    return tuple((crew, one) for _, _, crew, one in sorted(found, key=lambda row: row[:2]))


def _whistles(board: Board) -> tuple[Task, ...]:
    called = (one for one in records.every(board, Task) if one.kind is TaskKind.WHISTLE and one.ended_at is None)
    waiting = (one for one in called if one.state is TaskState.WAITING and one.due is not None)
    return tuple(sorted(waiting, key=lambda task: (task.due, task.id)))


def _is_lent(crew: Crew) -> bool:
    """Whether both streets agreed; a loan past its end is one until the crew is given back."""
    return crew.loan is not None and {crew.street, crew.loan.street} <= set(crew.loan.agreed)


def _applied_at(case: Case) -> tuple[datetime, str]:
    assert case.application is not None
    return case.application.at, case.id
