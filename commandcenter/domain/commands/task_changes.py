"""What happens to sub-tasks whoever does it: they are asked for, go on, are cancelled, and end with their case."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from commandcenter.domain.cases import Case
from commandcenter.domain.commands.case_changes import changed
from commandcenter.domain.decisions import Beginning, Fact
from commandcenter.domain.fields import CaseId, Id, Names, Text
from commandcenter.domain.records import Record
from commandcenter.domain.tasks import CaseTask, Objection, Task, TaskKind, TaskState, task_id

TaskId = Annotated[str, Names("task", frozenset())]  # of the sub-task that a fact is about


class TaskFact(Fact):
    """A fact about a sub-task, which its case names too: both take the state."""

    __slots__ = ()
    case: str
    task: str

    def evolve(self, record: Case | Task) -> Record:
        """Gives the sub-task, on its own and as its case names it, what this fact says of it."""
        if isinstance(record, Task):
            return replace(record, rev=record.rev + 1, **self.told())
        state = self.told()["state"]
        tasks = (replace(one, state=state) if _id(record, one) == self.task else one for one in record.tasks)
        return changed(record, tasks=tuple(tasks))

    def told(self) -> dict[str, Any]:
        """Returns what changes of the sub-task, `state` among it."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class TaskAsked(Fact):
    """A body was asked to help with a case, or to appear there, by the sub-task `task`."""

    case: CaseId
    by: str
    at: datetime
    task: Annotated[str, Id()]
    kind: TaskKind
    holder: str
    due: datetime | None = None
    note: Annotated[str, Text(required=False)] = ""
    hand: str | None = None

    def evolve(self, case: Case) -> Record:
        """The case names the sub-task."""
        others = tuple(one for one in case.tasks if (one.holder, one.kind) != (self.holder, self.kind))
        return changed(case, tasks=(*others, CaseTask(self.holder, self.kind, TaskState.WAITING)))


@dataclass(frozen=True, slots=True)
class TaskBegun(Beginning):
    """A sub-task of `case` began, perhaps again; `lead` is who is responsible for the case."""

    task: TaskId
    by: str
    at: datetime
    case: Annotated[str, Id()]
    kind: TaskKind
    holder: str
    street: str | None
    lead: str | None
    due: datetime | None
    green_until: datetime | None
    note: Annotated[str, Text(required=False)] = ""
    hand: str | None = None

    def evolve(self, record: Task | None) -> Record:
        """Begins the sub-task, whatever it was before."""
        return Task(
            id=self.task,
            rev=1 if record is None else record.rev + 1,
            case=self.case,
            kind=self.kind,
            holder=self.holder,
            state=TaskState.WAITING,
            street=self.street,
            lead=self.lead,
            asked_at=self.at,
            due=self.due,
            green_until=self.green_until,
            note=self.note,
        )


@dataclass(frozen=True, slots=True)
class TaskAccepted(TaskFact):
    """The body that was asked accepted the sub-task."""

    case: CaseId
    task: TaskId
    by: str
    at: datetime
    hand: str | None = None

    def told(self) -> dict[str, Any]:
        """It works on it."""
        return {"state": TaskState.WORKING, "accepted_at": self.at}


@dataclass(frozen=True, slots=True)
class TaskReported(TaskFact):
    """The body that was asked did its part, as it says; of a whistle: it appeared."""

    case: CaseId
    task: TaskId
    by: str
    at: datetime
    finding: Annotated[str, Text(required=False)] = ""
    hand: str | None = None

    def told(self) -> dict[str, Any]:
        """It is done."""
        return {"state": TaskState.REPORTED, "done_at": self.at, "finding": self.finding}


@dataclass(frozen=True, slots=True)
class TaskRefused(TaskFact):
    """The body that was asked refused the sub-task, which the coordinator has to decide on."""

    case: CaseId
    task: TaskId
    by: str
    at: datetime
    objection: Objection
    reason: Annotated[str, Text(required=False)] = ""
    hand: str | None = None

    is_refusal = True

    def told(self) -> dict[str, Any]:
        """It is refused; the case still names it."""
        return {"state": TaskState.REFUSED, "objection": self.objection, "reason": self.reason, "done_at": self.at}


@dataclass(frozen=True, slots=True)
class TaskCancelled(Fact):
    """A sub-task needs not be done any more."""

    case: CaseId
    task: TaskId
    by: str
    at: datetime
    reason: Annotated[str, Text(required=False)] = ""
    hand: str | None = None

    def evolve(self, record: Case | Task) -> Record:
        """Ends the sub-task; the case names it no more."""
        if isinstance(record, Case):
            return changed(record, tasks=tuple(one for one in record.tasks if _id(record, one) != self.task))
        rev, state = record.rev + 1, TaskState.CANCELLED
        return replace(record, rev=rev, state=state, reason=self.reason, ended_at=self.at)


@dataclass(frozen=True, slots=True)
class TaskEnded(Fact):
    """A sub-task ended with its case, in whichever state it was."""

    task: TaskId
    by: str
    at: datetime
    hand: str | None = None

    def evolve(self, record: Task) -> Record:
        """It is history."""
        return replace(record, rev=record.rev + 1, ended_at=self.at)


@dataclass(frozen=True, slots=True)
class TaskKept(Fact):
    """A sub-task goes on under another lead (None: none for now)."""

    task: TaskId
    by: str
    at: datetime
    lead: str | None
    hand: str | None = None

    def evolve(self, record: Task) -> Record:
        """The new lead sees it in the place of the former."""
        return replace(record, rev=record.rev + 1, lead=self.lead)


def _id(case: Case, task: CaseTask) -> str:
    return task_id(case.id, task.holder, task.kind)


FACTS = (TaskAsked, TaskBegun, TaskAccepted, TaskReported, TaskRefused, TaskCancelled, TaskEnded, TaskKept)
