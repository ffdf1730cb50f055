"""From which moment on a record needs somebody's attention, by the moments that the record itself has."""

from datetime import datetime

from commandcenter.domain.cases import RUNNING, WITH_HOLDER, Case, Stage
from commandcenter.domain.records import Record
from commandcenter.domain.tasks import OPEN, Task, TaskKind, TaskState
from commandcenter.domain.teams import AssignmentState, Crew

_CAME = {
    Stage.RECEIVED: ("received_at",),
    Stage.FILED: ("waits_since", "filed_at"),
    Stage.DISPATCHED: ("dispatched_at",),
    Stage.REPORTED: ("reported_at",),
}  # the field that tells since when a case at a stage waits for whoever goes on with it; the first that has a moment


def came(case: Case) -> datetime | None:
    """Since when the case waits for the one who is to go on with it; None for one at work, or that waits otherwise."""
    if case.application is not None or case.objection is not None:
        return None  # that is a thing of its own
    return next(filter(None, (getattr(case, field) for field in _CAME.get(case.stage, ()))), None)


def yellow(case: Case) -> datetime | None:
    """When its light turns yellow."""
    return case.green_until if case.stage in RUNNING else None


def breached(case: Case) -> datetime | None:
    """When its light turns red."""
    return case.due if case.stage in RUNNING else None


def return_applied(case: Case) -> datetime | None:
    """Since when its holder waits for an answer about giving it back."""
    return None if case.application is None else case.application.at


def lead_refused(case: Case) -> datetime | None:
    """Since when it has no lead, because a body refused to be it."""
    return case.waits_since if case.is_open and case.objection is not None else None


def order_refused(case: Case) -> datetime | None:
    """Since when a unit has refused to send a crew."""
    refusal = case.order_refusal if case.stage in WITH_HOLDER else None
    return None if refusal is None else refusal.at


def part_asked(task: Task) -> datetime | None:
    """Since when a co-handler has not accepted its sub-task."""
    return task.asked_at if _is_part(task, TaskState.WAITING) else None


def part_yellow(task: Task) -> datetime | None:
    """When the light of a co-handler's part turns yellow."""
    return task.green_until if _is_part(task, *OPEN) else None


def part_late(task: Task) -> datetime | None:
    """When a co-handler's part is late."""
    return task.due if _is_part(task, *OPEN) else None


def part_refused(task: Task) -> datetime | None:
    """Since when a co-handler refuses its part."""
    return task.done_at if _is_part(task, TaskState.REFUSED) else None


def whistled(task: Task) -> datetime | None:
    """Since when a body is called to appear."""
    return task.asked_at if _is_called(task) else None


def absent(task: Task) -> datetime | None:
    """When a body that was called should have appeared."""
    return task.due if _is_called(task) else None


def ordered(crew: Crew) -> datetime | None:
    """Since when its unit has to answer an order."""
    return next((one.sent_at for one in crew.assignments if one.state is AssignmentState.ORDERED), None)


def loan_asked(crew: Crew) -> datetime | None:
    """Since when a street has to say whether the crew may help in another."""
    loan = crew.loan
    return None if loan is None or {loan.street, crew.street} <= set(loan.agreed) else loan.asked_at


def acted_upon(record: Record, since: datetime) -> bool:
    """Returns whether a moment of a case tells that somebody acted on it after `since`.

    What is done with a sub-task or a crew changes what is told of it, so that there is nothing left to act upon.
    """
    if not isinstance(record, Case):
        return False
    applied = () if record.application is None else (record.application.at,)
    steps = (record.filed_at, record.waits_since, record.dispatched_at, record.accepted_at, *applied)
    return any(at is not None and at > since for at in steps)


def _is_part(task: Task, *states: TaskState) -> bool:
    return task.kind is TaskKind.CO_HANDLING and task.state in states and task.ended_at is None


def _is_called(task: Task) -> bool:
    return task.kind is TaskKind.WHISTLE and task.state is TaskState.WAITING and task.ended_at is None
