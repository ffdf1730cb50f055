"""Which one column of the board a case of the district stands in, whatever the hour, and what about it is in conflict.

A case ended or reported stands by that. Before it is handled it waits for a lead, or for the lead to accept. While it
is handled it stands under HELPERS as long as a co-handler's part is open, which is as long as its lead cannot report,
and under WORKING when nothing but the lead's own work is wanted.
"""

from enum import StrEnum

from commandcenter.domain.cases import ENDED, Case, Stage
from commandcenter.domain.tasks import CaseTask, TaskKind, TaskState


class Coordination(StrEnum):
    """How far the coordination of a case is, in the order of the columns."""

    UNLED = "unled"  # nobody leads it: the coordinator carries the time
    OFFERED = "offered"
    WORKING = "working"
    HELPERS = "helpers"
    TO_CHECK = "to_check"
    ENDED = "ended"


_BEFORE = {Stage.DISPATCHED: Coordination.OFFERED, Stage.REPORTED: Coordination.TO_CHECK}


def coordination(case: Case) -> Coordination:
    """Returns the column of `case`."""
    if case.stage in ENDED:
        return Coordination.ENDED
    if case.stage is Stage.HANDLING:
        return Coordination.HELPERS if case.open_tasks else Coordination.WORKING
    return _BEFORE.get(case.stage, Coordination.UNLED)


def objections(case: Case) -> int:
    """Returns how many bodies object at present: the one that refused the lead, and those that refused their part."""
    refused = sum(task.state is TaskState.REFUSED for task in case.tasks)
    return refused + (case.objection is not None)


def is_in_conflict(case: Case) -> bool:
    """Returns whether a person has to decide about an objection, which the end of the case settles too."""
    return case.is_open and objections(case) > 0


def whistles(case: Case) -> tuple[CaseTask, ...]:
    """Returns the calls to appear at `case` that are not refused."""
    return tuple(one for one in case.tasks if one.kind is TaskKind.WHISTLE and one.state is not TaskState.REFUSED)
