"""Defines the sub-tasks of a case: what a co-handler is to do for its lead, and where a department has to appear."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TaskKind(StrEnum):
    """What a body was asked for: to help with a case 协办, or to appear there 吹哨报到."""

    CO_HANDLING = "co_handling"
    WHISTLE = "whistle"


class TaskState(StrEnum):
    """How far a sub-task is."""

    WAITING = "waiting"  # nobody has accepted it
    WORKING = "working"
    REPORTED = "reported"
    REFUSED = "refused"
    CANCELLED = "cancelled"


OPEN = frozenset({TaskState.WAITING, TaskState.WORKING})
SEEN = OPEN | {TaskState.REPORTED}  # the states in which the body that was asked sees the case


class Objection(StrEnum):
    """Why a body refuses the lead of a case, or a sub-task 异议."""

    NOT_OUR_DUTY = "not_our_duty"
    DUTY_OF_ANOTHER = "duty_of_another"
    NO_POWER = "no_power"
    OUTSIDE_OUR_AREA = "outside_our_area"
    NEEDS_OTHERS_FIRST = "needs_others_first"
    FACTS_WRONG = "facts_wrong"


@dataclass(frozen=True, slots=True)
class CaseTask:
    """A sub-task as its case names it: the body that was asked, what for, and how far it is."""

    holder: str
    kind: TaskKind
    state: TaskState

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Task:
    """A sub-task of a case; all times are timezone-aware (UTC).

    `lead` is the body that is responsible for the case at present; None while nobody is. `due` is when it has to be
    done, for a whistle when the body has to be there; `green_until` as for cases. `finding` is the report, `objection`
    with `reason` why it was refused. `ended_at`: since when it is history, with its case or alone.
    """

    id: str
    rev: int
    case: str
    kind: TaskKind
    holder: str
    state: TaskState
    street: str | None
    lead: str | None
    asked_at: datetime
    due: datetime | None = None
    green_until: datetime | None = None
    note: str = ""
    accepted_at: datetime | None = None
    done_at: datetime | None = None
    finding: str = ""
    objection: Objection | None = None
    reason: str = ""
    ended_at: datetime | None = None

    @property
    def seen_by(self) -> tuple[str, ...]:
        """The bodies that see it: the lead, and who was asked unless it refused or needs not do it any more."""
        asked = (self.holder,) if self.state in SEEN else ()
        return asked if self.lead is None else (*asked, self.lead)


def task_id(case: str, holder: str, kind: TaskKind) -> str:
    """Returns the id of the sub-task for which `holder` was asked: one of each kind for a case."""
    return f"{case}.{holder}" if kind is TaskKind.CO_HANDLING else f"{case}.{holder}.{kind}"
