"""Defines the crews of the street teams: their position, status and job."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from commandcenter.domain.places import Spot
from commandcenter.domain.reference import Reference


class CrewStatus(StrEnum):
    """What a crew is doing."""

    OFF_DUTY = "off_duty"
    AVAILABLE = "available"
    DISPATCHED = "dispatched"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    HANDLING = "handling"
    RETURNING = "returning"


@dataclass(frozen=True, slots=True)
class Crew(Reference):
    """A crew 执法小组 of a unit, with its position as of `seen_at` and its status since `status_since`."""

    id: str
    rev: int
    name: str
    unit: str
    street: str
    status: CrewStatus
    status_since: datetime
    spot: Spot | None = None
    seen_at: datetime | None = None
    job: str | None = None
