"""The table of what a seat has to look at: each cause with its level, what of the board it follows from, whose it is.

Everything is derived from a record and a person alone: from which moment on a cause holds is a moment that the record
itself has (it was filed, it fell due, the order was refused), never when a console happened to notice. So all seats
agree, also after a restart or an outage. That is true of an escalation too: what nobody has acted upon for the minutes
of its level (`ESCALATED_AFTER`) holds for the shift leader of the place from that later moment on. Whoever acts changes
the record: the case waits for somebody else, the sub-task is done, or a moment of the case lies behind the cause's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from commandcenter.attention import moments, seats
from commandcenter.domain.cases import Case
from commandcenter.domain.people import Person, Role
from commandcenter.domain.records import KIND_OF, Record, Ref, ref_of
from commandcenter.domain.stays import USUAL, Stays, alarmed_at, warned_at
from commandcenter.domain.tasks import Task
from commandcenter.domain.teams import Crew
from commandcenter.domain.visibility import sees


class Level(IntEnum):
    """How pressing something is."""

    NOTICE = 1
    IMPORTANT = 2
    URGENT = 3


DECISION = "decision"  # the cause of an act that needs a decision, which no record tells
ESCALATED_AFTER = {Level.NOTICE: 60, Level.IMPORTANT: 30, Level.URGENT: 10}  # minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why somebody has to look at a record of `kind`.

    Causes of one `topic` are one thing that grows: of those that hold for a record only the gravest is told. `since`
    returns from which moment on it holds of a record (it may lie ahead), None when it never does; it is also given the
    thresholds of statuses if it is told `by_stays`. `whose` tells whether it concerns a person who sees the record.
    `escalates`: the shift leader is told when nobody acts upon it.
    """

    id: str
    level: Level
    topic: str
    kind: type[Record]
    since: Callable[..., datetime | None]
    whose: Callable[[Person, Any], bool]
    escalates: bool = False
    by_stays: bool = False


_BY_STAYS = (warned_at, alarmed_at)
CAUSES = tuple(
    Cause(
        id=name,
        level=level,
        topic=topic,
        kind=kind,
        since=since,
        whose=whose,
        escalates=escalates,
        by_stays=since in _BY_STAYS,
    )
    for name, level, topic, kind, since, whose, escalates in (
        ("new", Level.NOTICE, "work", Case, moments.came, seats.next_of_case, True),
        ("soon", Level.IMPORTANT, "work", Case, moments.yellow, seats.next_of_case, False),
        ("breached", Level.URGENT, "work", Case, moments.breached, seats.next_of_case, True),
        ("return_applied", Level.IMPORTANT, "return", Case, moments.return_applied, seats.next_of_case, True),
        ("lead_refused", Level.IMPORTANT, "lead", Case, moments.lead_refused, seats.coordinates, True),
        ("order_refused", Level.IMPORTANT, "crew", Case, moments.order_refused, seats.sends_to_case, True),
        ("part_asked", Level.NOTICE, "part", Task, moments.part_asked, seats.was_asked, False),
        ("part_soon", Level.IMPORTANT, "part", Task, moments.part_yellow, seats.was_asked, False),
        ("part_late", Level.URGENT, "part", Task, moments.part_late, seats.was_asked_or_coordinates, True),
        ("part_refused", Level.IMPORTANT, "objection", Task, moments.part_refused, seats.coordinates, True),
        ("whistled", Level.IMPORTANT, "whistle", Task, moments.whistled, seats.was_asked, False),
        ("absent", Level.URGENT, "whistle", Task, moments.absent, seats.was_asked_or_whistles, True),
        ("ordered", Level.IMPORTANT, "order", Crew, moments.ordered, seats.is_unit_of_crew, True),
        ("loan_asked", Level.IMPORTANT, "loan", Crew, moments.loan_asked, seats.has_to_agree, True),
        ("stays_long", Level.NOTICE, "stay", Crew, warned_at, seats.sends_crew, False),
        ("stays_too_long", Level.IMPORTANT, "stay", Crew, alarmed_at, seats.sends_crew, True),
    )
)
LEVEL_OF = {cause.id: cause.level for cause in CAUSES}


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that a seat has to look at from `since` on; `is_escalated`: because nobody acted upon it.

    `ref` is the record (kind, id), or ("act", id) of an own act that needs a decision.
    """

    cause: str
    level: Level
    topic: str
    ref: Ref
    since: datetime
    is_escalated: bool = False
    mark: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """`mark` names this very occurrence, by which it is remembered as seen or put off; `since` is its last part."""
        said = f"{self.cause}{'!' if self.is_escalated else ''} {':'.join(self.ref)} {int(self.since.timestamp())}"
        object.__setattr__(self, "mark", said)

    @property
    def thing(self) -> tuple[str, Ref]:
        """What it is about: at a seat there is one for each thing at a time."""
        return self.topic, self.ref


def concerns(record: Record, by: Person, longest: Stays = USUAL) -> tuple[Concern, ...]:
    """Returns what `by` has to look at because of `record`, now or from a later moment on if nothing changes till then.

    >>> from datetime import UTC
    >>> from commandcenter.domain.cases import Stage, Tier
    >>> from commandcenter.domain.people import Scope
    >>> nine = datetime(2026, 11, 24, 1, tzinfo=UTC)
    >>> case = Case("c1", 1, Stage.FILED, Tier.STREET, "12345", nine, filed_at=nine, due=nine + timedelta(hours=4))
    >>> [(one.cause, one.since.hour) for one in concerns(case, Person("d", Role.DISPATCHER, Scope("baohe")))]
    [('new', 1), ('breached', 5)]
    >>> leader = Person("l", Role.SHIFT_LEADER, Scope("baohe"))
    >>> [(one.cause, one.since.strftime("%H:%M"), one.is_escalated) for one in concerns(case, leader)]
    [('new', '02:00', True), ('breached', '05:10', True)]
    """
    return tuple(_found(record, by, longest)) if sees(by, record) else ()


def decision(cmd_id: str, since: datetime) -> Concern:
    """Returns that an own act needs a decision since a moment."""
    return Concern(DECISION, Level.IMPORTANT, DECISION, ("act", cmd_id), since)


def watches(kind: str) -> bool:
    """Returns whether records of the kind can concern anybody."""
    return any(KIND_OF[cause.kind].name == kind for cause in CAUSES)


def _found(record: Record, by: Person, longest: Stays) -> Iterator[Concern]:
    for cause in CAUSES:
        if not isinstance(record, cause.kind):
            continue
        since = cause.since(record, longest) if cause.by_stays else cause.since(record)
        if since is None:
            continue
        if cause.whose(by, record):
            yield Concern(cause.id, cause.level, cause.topic, ref_of(record), since)
        elif cause.escalates and by.role is Role.SHIFT_LEADER and not moments.acted_upon(record, since):
            late = since + timedelta(minutes=ESCALATED_AFTER[cause.level])
            yield Concern(cause.id, max(cause.level, Level.IMPORTANT), cause.topic, ref_of(record), late, True)
