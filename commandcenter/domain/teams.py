"""Defines the crews of the street teams: their position, status and job."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from commandcenter.domain.places import Spot
from commandcenter.domain.reference import Reference

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class CrewStatus(StrEnum):
    """What a crew is doing."""

    OFF_DUTY = "off_duty"
    AVAILABLE = "available"
    DISPATCHED = "dispatched"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    HANDLING = "handling"
    RETURNING = "returning"


FREE = frozenset({CrewStatus.AVAILABLE, CrewStatus.RETURNING})  # of a crew without an order and a job


@dataclass(frozen=True, slots=True)
class Crew(Reference):
    """A crew 执法小组 of a unit: position as of `seen_at`, status since `status_since` (1970: no report so far).

    `job` is the case at which it works, `paused` those that it left for another, the last one last. `order` is the case
    to which it was sent and for which its unit has not answered yet.
    """

    id: str
    rev: int
    name: str
    unit: str
    street: str
    status: CrewStatus = CrewStatus.OFF_DUTY
    status_since: datetime = _NEVER
    spot: Spot | None = None
    seen_at: datetime | None = None
    job: str | None = None
    order: str | None = None
    paused: tuple[str, ...] = ()
