"""Defines places: the district, its streets, communities and basic grids, and points on the map."""

from dataclasses import dataclass
from datetime import date
from math import cos, hypot, radians

from commandcenter.domain.reference import Reference

_EARTH = 6_371_009.0  # metres of the mean radius


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in WGS 84, in degrees, in GeoJSON's order."""

    lon: float
    lat: float

    @property
    def is_on_earth(self) -> bool:
        """Whether the coordinates are within range; False for NaN."""
        return -180 <= self.lon <= 180 and -90 <= self.lat <= 90

    def metres_to(self, other: "Spot") -> float:
        """Returns the distance in metres; a flat approximation, good for a few kilometres."""
        east = radians(other.lon - self.lon) * cos(radians(self.lat))
        return hypot(east, radians(other.lat - self.lat)) * _EARTH


@dataclass(frozen=True, slots=True)
class District(Reference):
    """A district, the largest unit of scope, with one event log.

    `zone` is the IANA time zone of its clocks; its case numbers begin with `prefix`.
    """

    id: str
    rev: int
    name: str
    zone: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Street(Reference):
    """A street, a town or a large community 街镇(大社区); `place` is where its name is drawn on the map."""

    id: str
    rev: int
    name: str
    place: Spot | None = None


@dataclass(frozen=True, slots=True)
class Community(Reference):
    """A village or residents' committee 居村."""

    id: str
    rev: int
    name: str
    street: str


@dataclass(frozen=True, slots=True)
class Grid(Reference):
    """A basic grid 基础网格 as it was from `since` until `until` (exclusive; None: still valid)."""

    id: str
    rev: int
    name: str
    street: str
    community: str
    since: date
    until: date | None = None
