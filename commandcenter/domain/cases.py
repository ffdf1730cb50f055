"""The case: its stages, tiers and lights, and everything a record of it holds (never personal data)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from commandcenter.domain.places import Spot


class Stage(StrEnum):
    """Where a case stands in its life."""

    RECEIVED = "received"
    FILED = "filed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    REPORTED = "reported"
    CLOSED = "closed"
    MERGED = "merged"
    VOID = "void"


ENDED = frozenset({Stage.CLOSED, Stage.MERGED, Stage.VOID})


class Tier(StrEnum):
    """Who settles it: the grid 网格自治, the street's team 街镇联动, or the district 区级统筹."""

    GRID = "grid"
    STREET = "street"
    DISTRICT = "district"


class Light(StrEnum):
    """How a case stands to its limit; derived at a moment, never stored."""

    ON_TIME = "on_time"
    SOON = "soon"
    OVERDUE = "overdue"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Superior:
    """An order from above: the number and the due time that the upper channel gave."""

    channel: str
    number: str
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """A holder's request to give the case back, waiting for a decision."""

    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    `id` is a UUIDv7 made where it was taken; `number` is None until the platform gave one. All times are aware (UTC).
    `spot` is None when there is no exact place; `spot_gap` then says why. `petitioner` names an entry of the vault.
    `imported_rev` is the revision that another system's row made last: beyond it, this hall has acted on the case.
    `secret`: the petitioner asked for secrecy (see `domain.secrecy`); `taken_by` is whoever took it by hand.
    """

    id: str
    rev: int
    stage: Stage
    tier: Tier
    channel: str
    received_at: datetime
    number: str | None = None
    external: str | None = None
    kind: str | None = None
    text: str = ""
    place: str = ""
    street: str | None = None
    community: str | None = None
    grid: str | None = None
    spot: Spot | None = None
    spot_gap: str | None = None
    petitioner: str | None = None
    secret: bool = False
    superior: Superior | None = None
    responsible: str | None = None
    filed_at: datetime | None = None
    due: datetime | None = None
    green_until: datetime | None = None
    dispatched_at: datetime | None = None
    accepted_at: datetime | None = None
    reported_at: datetime | None = None
    ended_at: datetime | None = None
    finding: str = ""
    application: Application | None = None
    returns: int = 0
    merged_into: str | None = None
    source_hash: str | None = None
    imported_rev: int | None = None
    taken_by: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether anybody still has to do something."""
        return self.stage not in ENDED

    @property
    def is_withheld(self) -> bool:
        """Whether what the petitioner said is not here to be read: no case is taken without words."""
        return self.secret and not self.text


def light(case: Case, now: datetime) -> Light:
    """The light of `case` at `now`: green up to 80 % of the limit, yellow to its end, red beyond.

    An ended case keeps the light that it had when it was reported (or ended).
    """
    if case.due is None:
        return Light.NONE
    moment = now if case.is_open and case.stage is not Stage.REPORTED else case.reported_at or case.ended_at or now
    if moment > case.due:
        return Light.OVERDUE
    return Light.SOON if case.green_until is not None and moment > case.green_until else Light.ON_TIME
