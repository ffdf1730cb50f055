"""Defines the facts: what happened, in the past tense.

A fact names its record, who acted (`by`) and when (`at`, the platform's time). `hand` is the account of the shift
leader who acted in the place of `by`; None when `by` acted in person.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from commandcenter.domain.cases import Stage, Superior, Tier
from commandcenter.domain.places import Spot
from commandcenter.domain.teams import CrewStatus


@dataclass(frozen=True, slots=True)
class Taken:
    """A case was taken in; `number` is None as long as only the console knows of it."""

    case: str
    by: str
    at: datetime
    number: str | None
    channel: str
    kind: str
    text: str
    place: str
    street: str
    community: str | None = None
    grid: str | None = None
    spot: Spot | None = None
    external: str | None = None
    secret: bool = False
    petitioner: str | None = None
    hand: str | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """The case was filed under `kind`; the limit in force then determines when it is due."""

    case: str
    by: str
    at: datetime
    kind: str
    due: datetime
    green_until: datetime
    hand: str | None = None


@dataclass(frozen=True, slots=True)
class Dispatched:
    """The case was dispatched to the holder `to`, who settles it at `tier`."""

    case: str
    by: str
    at: datetime
    to: str
    tier: Tier
    note: str = ""
    hand: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The holder accepted the case."""

    case: str
    by: str
    at: datetime
    hand: str | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """The holder reported the case as settled."""

    case: str
    by: str
    at: datetime
    finding: str
    hand: str | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """The case was closed."""

    case: str
    by: str
    at: datetime
    note: str = ""
    hand: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnApplied:
    """The holder applied to return the case."""

    case: str
    by: str
    at: datetime
    reason: str
    hand: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnApproved:
    """The return was approved; the case can be dispatched again."""

    case: str
    by: str
    at: datetime
    note: str = ""
    hand: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnDenied:
    """The return was denied; the case stays with its holder."""

    case: str
    by: str
    at: datetime
    reason: str
    hand: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """The case was imported, with all content that the other system has of it."""

    case: str
    by: str
    at: datetime
    number: str | None
    channel: str
    external: str
    source_hash: str
    stage: Stage
    tier: Tier
    received_at: datetime
    kind: str | None = None
    text: str = ""
    place: str = ""
    street: str | None = None
    community: str | None = None
    spot: Spot | None = None
    spot_gap: str | None = None
    superior: Superior | None = None
    responsible: str | None = None
    ended_at: datetime | None = None
    merged_into: str | None = None
    filed_at: datetime | None = None
    due: datetime | None = None
    green_until: datetime | None = None
    hand: str | None = None


@dataclass(frozen=True, slots=True)
class CrewLocated:
    """A crew's device reported its position and status."""

    crew: str
    by: str
    at: datetime
    spot: Spot
    status: CrewStatus
    job: str | None = None
    hand: str | None = None


Fact = (
    Taken
    | Filed
    | Dispatched
    | Accepted
    | Reported
    | Closed
    | ReturnApplied
    | ReturnApproved
    | ReturnDenied
    | Imported
    | CrewLocated
)

BEGINNINGS = (Taken, Imported)  # the facts that create a case

NAMES: dict[str, type[Fact]] = {
    "taken": Taken,
    "filed": Filed,
    "dispatched": Dispatched,
    "accepted": Accepted,
    "reported": Reported,
    "closed": Closed,
    "return_applied": ReturnApplied,
    "return_approved": ReturnApproved,
    "return_denied": ReturnDenied,
    "imported": Imported,
    "crew_located": CrewLocated,
}
_NAME_OF = {kind: name for name, kind in NAMES.items()}


def name_of(fact: Fact) -> str:
    """Returns the fact's name, as messages and timelines use it."""
    return _NAME_OF[type(fact)]


def on_behalf(facts: Iterable[Fact], hand: str) -> tuple[Fact, ...]:
    """Returns the facts as done by `hand` in the place of the person named in them."""
    return tuple(replace(fact, hand=hand) for fact in facts)


def record_of(fact: Fact) -> tuple[str, str]:
    """Returns (kind, id) of the record that `fact` changed."""
    return ("crew", fact.crew) if isinstance(fact, CrewLocated) else ("case", fact.case)
