"""Where things are: the district, its streets, communities and basic grids, and spots on the map."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in WGS 84, degrees, in GeoJSON's order."""

    lon: float
    lat: float

    @property
    def is_on_earth(self) -> bool:
        """Whether there is such a point; False for what is not a number."""
        return -180 <= self.lon <= 180 and -90 <= self.lat <= 90


@dataclass(frozen=True, slots=True)
class District:
    """The unit of order and of scope; `zone` is the IANA time zone of its clocks, `prefix` begins its case numbers."""

    id: str
    rev: int
    name: str
    zone: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Street:
    """A street, a town or a large community 街镇(大社区); `place` is where its name stands on the map."""

    id: str
    rev: int
    name: str
    place: Spot | None = None


@dataclass(frozen=True, slots=True)
class Community:
    """A village or residents' committee 居村."""

    id: str
    rev: int
    name: str
    street: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A basic grid 基础网格 as it stood from `since` until `until` (exclusive; None: today)."""

    id: str
    rev: int
    name: str
    street: str
    community: str
    since: date
    until: date | None = None
