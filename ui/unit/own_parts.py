"""The sub-tasks of the seat's own body: which of a case it has, and how much time each leaves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case
from commandcenter.domain.lights import THRESHOLDS, Light
from commandcenter.domain.tasks import Task, TaskKind, TaskState, task_id
from ui.kit import records
from ui.kit.case_parts.clock import DAY, CaseTime, SecondClock

if TYPE_CHECKING:
    from commandcenter.store.columns import Floats
    from commandcenter.sync.desk import Desk

_NEWS = (TaskState.WAITING, TaskState.WORKING, TaskState.REPORTED)  # the one to be done first comes first


class OwnParts:
    """Reads the board for the body of the desk's person; times are as of the current second of `clock`."""

    def __init__(self, desk: Desk, clock: SecondClock) -> None:
        self._desk, self._board, self.clock = desk, desk.board, clock

    @property
    def body(self) -> str | None:
        """The body whose seat it is; None for none."""
        return self._desk.person.scope.holder if self._desk.person is not None else None

    def of(self, case: Case) -> tuple[Task, ...]:
        """Returns the body's own sub-tasks of the case, those to be done first; none where it refused or leads."""
        if self.body is None or case.responsible == self.body:
            return ()
        keys = [task_id(case.id, one.holder, one.kind) for one in case.tasks if one.holder == self.body]
        found = [task for key in keys if (task := records.find(self._board, Task, key)) and task.state in _NEWS]
        return tuple(sorted(found, key=lambda task: _NEWS.index(task.state)))

    def first(self, case: Case) -> Task | None:
        """Returns the sub-task that the seat has to do with first; None for none."""
        return next(iter(self.of(case)), None)

    def standing(self, case: Case) -> CaseTime:
        """Returns the light and the time left: of the own sub-task where the body only helps, else of the case."""
        task = self.first(case)
        return self.clock.standing(case) if task is None else self._standing_of(case, task)

    def by_slot(self) -> Iterator[tuple[int, Case, Task]]:
        """Yields the slot of each case on the board in which the body only helps, the case, and its first sub-task."""
        for key in {task.case for task in records.every(self._board, Task) if task.holder == self.body}:
            case, slot = records.find(self._board, Case, key), self._board.cases.slot(key)
            task = None if case is None else self.first(case)
            if case is not None and slot is not None and task is not None:
                yield slot, case, task

    def urgency(self, now: float) -> Floats:
        """Returns float64[size]: the sort keys of the cases, by the own sub-tasks where the body only helps."""
        keys = self._board.cases.urgency(now).copy()
        for slot, case, _ in self.by_slot():
            left = self.standing(case).left
            keys[slot] = keys[slot] if left is None else left
        return keys

    def _standing_of(self, case: Case, task: Task) -> CaseTime:
        is_whistle = task.kind is TaskKind.WHISTLE
        day = DAY if is_whistle else float(self.clock.day(case))
        at = task.done_at or self.clock.now
        if task.due is None:
            return CaseTime(Light.NONE, None, None, day, task.done_at is not None)
        past = (shown for shown, field in THRESHOLDS if (limit := getattr(task, field)) is not None and at > limit)
        left, whole = (
            (task.due - since).total_seconds() if is_whistle else self.clock.between(case, since, task.due)
            for since in (at, task.asked_at)
        )
        at_rest = None if is_whistle or task.done_at else self.clock.at_rest(case, task.due)
        return CaseTime(next(past, Light.ON_TIME), left, whole, day, task.done_at is not None, at_rest)
