"""接协办, 协办异议, 协办反馈 and 报到: the body that was asked accepts, refuses or does its sub-task, or appears."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from commandcenter.domain.cases import WITH_HOLDER, Case, Stage
from commandcenter.domain.commands.case_steps import CaseStep
from commandcenter.domain.commands.task_changes import TaskAccepted, TaskRefused, TaskReported
from commandcenter.domain.decisions import Decision, Entry, View
from commandcenter.domain.fields import Names, OneOf, Text
from commandcenter.domain.people import HOLDER_ROLES, Person
from commandcenter.domain.rules import Condition, Offline, Rule
from commandcenter.domain.tasks import OPEN, Objection, TaskKind, TaskState, task_id
from commandcenter.domain.text import clean

_OWN = Names("case", frozenset())  # what others do to the case does not change what the body says of its part


def refuse_unless_asked(kind: TaskKind, *states: TaskState) -> Condition:
    """Returns the condition that the own body has a sub-task of `kind` in one of `states`."""

    def refused(by: Person, case: Case) -> str | None:
        mine = (task for task in case.tasks if task.holder == by.scope.holder and task.kind is kind)
        return None if any(task.state in states for task in mine) else f"no_{kind}"

    return refused


def _rule(kind: TaskKind, *states: TaskState) -> Rule:
    return Rule(
        roles=HOLDER_ROLES,
        stages=WITH_HOLDER | {Stage.FILED, Stage.REPORTED},
        where=(refuse_unless_asked(kind, *states),),
        four_eyes=False,
        offline=Offline.KEPT,
    )


@dataclass(frozen=True, slots=True)
class AcceptTask(CaseStep):
    """接协办: the body accepts its sub-task."""

    case: Annotated[str, _OWN]

    entry = Entry(key="S", verb="jxb", main=True, confirmed=False)
    rule = _rule(TaskKind.CO_HANDLING, TaskState.WAITING)

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """It works on its part."""
        return (TaskAccepted(case.id, _own(case, by), by.user, at),)


@dataclass(frozen=True, slots=True)
class RefuseTask(CaseStep):
    """协办异议: the body refuses its sub-task, with the kind of its objection and the reason."""

    case: Annotated[str, _OWN]
    objection: Annotated[Objection, OneOf(Objection)]
    reason: Annotated[str, Text(required=False)] = ""

    entry = Entry(key="Shift+M", verb="xyy", main=False, confirmed=False)
    rule = _rule(TaskKind.CO_HANDLING, *OPEN)

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The coordinator decides what becomes of it."""
        return (TaskRefused(case.id, _own(case, by), by.user, at, self.objection, clean(self.reason)),)


@dataclass(frozen=True, slots=True)
class ReportTask(CaseStep):
    """协办反馈: the body reports what it found and did for its part."""

    case: Annotated[str, _OWN]
    finding: Annotated[str, Text(required=True)]

    entry = Entry(key="H", verb="xfk", main=True, confirmed=False)
    rule = _rule(TaskKind.CO_HANDLING, TaskState.WORKING)

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """Its part is done."""
        return (TaskReported(case.id, _own(case, by), by.user, at, clean(self.finding)),)


@dataclass(frozen=True, slots=True)
class Arrive(CaseStep):
    """报到: the body has appeared where it was called to."""

    case: Annotated[str, _OWN]

    entry = Entry(key="E", verb="bd", main=True, confirmed=False)
    rule = _rule(TaskKind.WHISTLE, TaskState.WAITING)

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """Its arrival is recorded."""
        return (TaskReported(case.id, _own(case, by, TaskKind.WHISTLE), by.user, at),)


def _own(case: Case, by: Person, kind: TaskKind = TaskKind.CO_HANDLING) -> str:
    return task_id(case.id, by.scope.holder or "", kind)


COMMANDS = (AcceptTask, RefuseTask, ReportTask, Arrive)
FACTS = ()
