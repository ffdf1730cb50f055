"""加协办, 撤协办 and 撤未结: the coordinator asks bodies to help a lead, and lets them go; 吹哨: they are called."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from commandcenter.domain.calendar import COUNTED_BY, Calendar
from commandcenter.domain.cases import WITH_HOLDER, Case, Stage
from commandcenter.domain.commands import task_changes
from commandcenter.domain.commands.case_changes import changed
from commandcenter.domain.commands.case_steps import CaseStep
from commandcenter.domain.commands.task_changes import TaskAsked, TaskBegun, TaskCancelled
from commandcenter.domain.deadlines import green_until
from commandcenter.domain.decisions import Decision, Entry, Fact, Refused, View
from commandcenter.domain.fields import CaseId, Chosen, Moment, Names, Text
from commandcenter.domain.naming import named
from commandcenter.domain.people import Holder, Person, Role
from commandcenter.domain.rules import (
    Offline,
    Rule,
    refuse_unless_of_district,
    refuse_unless_open_tasks,
    refuse_unless_tasks,
)
from commandcenter.domain.tasks import CaseTask, TaskKind, TaskState, task_id
from commandcenter.domain.text import clean

_HELPED = Names("case", frozenset({"stage", "responsible", "tasks"}))
_COORDINATOR = frozenset({Role.COORDINATOR})


@dataclass(frozen=True, slots=True)
class AddCoHandler(CaseStep):
    """加协办: asks a body to help with the case until `due`; None: as long as the case itself has."""

    case: Annotated[str, _HELPED]
    to: Annotated[str, Chosen("holder", required=True, many=True)]
    note: Annotated[str, Text(required=False)] = ""
    due: Annotated[datetime | None, Moment(required=False)] = None

    entry = Entry(key="A", verb="xb", main=False, confirmed=False)
    rule = Rule(
        roles=_COORDINATOR,
        stages=WITH_HOLDER | {Stage.FILED},
        where=(refuse_unless_of_district,),
        four_eyes=False,
        offline=Offline.ASKED,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The body must exist, not lead the case, and not help already; its moment, or the case's, must lie ahead."""
        if self.to == case.responsible:
            return Refused("leads_already", self.to)
        return _asked(self, TaskKind.CO_HANDLING, view, case, by, at)


@dataclass(frozen=True, slots=True)
class RemoveCoHandler(CaseStep):
    """撤协办: a body needs not help any more, or appear, with the reason."""

    case: Annotated[str, _HELPED]
    holder: Annotated[str, Chosen("holder", required=True, many=True)]
    reason: Annotated[str, Text(required=True)]

    entry = Entry(key="Shift+A", verb="cxb", main=False, confirmed=False)
    rule = Rule(
        roles=_COORDINATOR,
        stages=WITH_HOLDER | {Stage.FILED, Stage.REPORTED},
        where=(refuse_unless_tasks,),
        four_eyes=False,
        offline=Offline.KEPT,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """Cancels what the body was asked for and has not done."""
        idle = [task for task in case.tasks if task.holder == self.holder and not _is_done(task)]
        return _cancelled(case, idle, by, at, clean(self.reason)) or Refused("no_task", self.holder)


@dataclass(frozen=True, slots=True)
class OverrideTasks(CaseStep):
    """撤未结: cancels all open sub-tasks, with the reason, so that the lead can report."""

    case: Annotated[str, _HELPED]
    reason: Annotated[str, Text(required=True)]

    entry = Entry(key="V", verb="cwj", main=False, confirmed=False)
    rule = Rule(
        roles=_COORDINATOR,
        stages=WITH_HOLDER,
        where=(refuse_unless_open_tasks,),
        four_eyes=False,
        offline=Offline.KEPT,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """Each open sub-task is cancelled as a fact of its own."""
        why = clean(self.reason)
        return (TasksOverridden(case.id, by.user, at, why), *_cancelled(case, case.open_tasks, by, at, why))


@dataclass(frozen=True, slots=True)
class TasksOverridden(Fact):
    """The coordinator lets the lead report without its co-handlers."""

    case: CaseId
    by: str
    at: datetime
    reason: Annotated[str, Text(required=True)]
    hand: str | None = None

    def evolve(self, case: Case) -> Case:
        """The sub-tasks are cancelled by facts of their own."""
        return changed(case)


@dataclass(frozen=True, slots=True)
class Whistle(CaseStep):
    """吹哨: calls a body to appear at the case by `due`, with the reason."""

    case: Annotated[str, _HELPED]
    to: Annotated[str, Chosen("holder", required=True, many=True)]
    note: Annotated[str, Text(required=True)]
    due: Annotated[datetime | None, Moment(required=True)] = None

    entry = Entry(key="C", verb="cs", main=False, confirmed=False)
    rule = Rule(
        roles=frozenset({Role.STREET_DISPATCHER, Role.COORDINATOR}),
        stages=WITH_HOLDER,
        where=(),
        four_eyes=False,
        offline=Offline.ASKED,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The body must exist and not be called already; the moment must lie ahead."""
        return _asked(self, TaskKind.WHISTLE, view, case, by, at) if self.due else Refused("no_moment", "due")


def _asked(asked: AddCoHandler | Whistle, kind: TaskKind, view: View, case: Case, by: Person, at: datetime) -> Decision:
    """Returns that the body was asked, or why it cannot be."""
    holder, calendar = named(view, Holder, asked.to), view.find("calendar", COUNTED_BY)
    if isinstance(holder, Refused):
        return holder
    if any(task.holder == holder.id and task.kind is kind and not _is_refused(task) for task in case.tasks):
        return Refused("asked_already", holder.id)
    due = asked.due or case.due
    if due is not None and due <= at:
        return Refused("no_moment" if asked.due is None else "time_past", "due")
    green = green_until(at, due, calendar) if due is not None and isinstance(calendar, Calendar) else None
    key, note = task_id(case.id, holder.id, kind), clean(asked.note)
    begun = (case.id, kind, holder.id, case.street, case.responsible, due, green, note)
    return (
        TaskAsked(case.id, by.user, at, key, kind, holder.id, due, note),
        TaskBegun(key, by.user, at, *begun),
    )


def _cancelled(
    case: Case, tasks: Iterable[CaseTask], by: Person, at: datetime, reason: str
) -> tuple[TaskCancelled, ...]:
    keys = (task_id(case.id, task.holder, task.kind) for task in tasks)
    return tuple(TaskCancelled(case.id, key, by.user, at, reason) for key in keys)


def _is_done(task: CaseTask) -> bool:
    return task.state is TaskState.REPORTED


def _is_refused(task: CaseTask) -> bool:
    return task.state is TaskState.REFUSED


COMMANDS = (AddCoHandler, RemoveCoHandler, OverrideTasks, Whistle)
FACTS = (TasksOverridden, *task_changes.FACTS)
