"""Finds the grid that contains a point, by ray casting over the grids' polygons, holes included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ring = npt.NDArray[np.float64]  # float64[corners, 2] (lon, lat) in degrees; the first corner is repeated at the end


@dataclass(frozen=True, slots=True)
class Plot:
    """A grid with its street and community, by their ids."""

    grid: str
    name: str
    street: str
    community: str


class GridLookup:
    """The layer of grids (GeoJSON, WGS 84); features without an id or a polygon are left out."""

    def __init__(self, layer: dict[str, Any]) -> None:
        self._plots: list[Plot] = []
        self._rings: list[tuple[Ring, ...]] = []
        for feature in layer.get("features", ()):
            rings = tuple(_rings(feature.get("geometry") or {}))
            said = feature.get("properties") or {}
            if rings and said.get("id"):
                plot = Plot(*(str(said.get(key) or "") for key in ("id", "name", "street", "community")))
                self._plots.append(plot)
                self._rings.append(rings)
        self._boxes = np.array([_box(rings) for rings in self._rings]).reshape(-1, 4)

    def __len__(self) -> int:
        return len(self._plots)

    def at(self, lon: float, lat: float) -> Plot | None:
        """Returns the plot that contains the point (WGS 84 degrees); None when no grid does."""
        west, south, east, north = self._boxes.T
        near = np.flatnonzero((west <= lon) & (lon <= east) & (south <= lat) & (lat <= north))
        return next((self._plots[n] for n in near if _inside(self._rings[n], lon, lat)), None)


def _rings(geometry: dict[str, Any]) -> Iterator[Ring]:
    corners = geometry.get("coordinates") or ()
    if geometry.get("type") == "Polygon":
        yield from (np.asarray(ring, float)[:, :2] for ring in corners if len(ring) > 3)
    elif geometry.get("type") == "MultiPolygon":
        for part in corners:
            yield from (np.asarray(ring, float)[:, :2] for ring in part if len(ring) > 3)


def _box(rings: Iterable[Ring]) -> tuple[float, float, float, float]:
    every = np.concatenate(list(rings))
    (west, south), (east, north) = every.min(axis=0), every.max(axis=0)
    return float(west), float(south), float(east), float(north)


def _inside(rings: Iterable[Ring], lon: float, lat: float) -> bool:
    """Applies the even–odd rule: counts how often a ray to the east crosses an edge of any ring."""
    crossings = 0
    for ring in rings:
        x, y = ring[:, 0], ring[:, 1]
        straddles = (y[:-1] > lat) != (y[1:] > lat)
        rise = np.where(straddles, y[1:] - y[:-1], 1.0)
        at = x[:-1] + (lat - y[:-1]) / rise * (x[1:] - x[:-1])
        crossings += int(np.count_nonzero(straddles & (lon < at)))
    return crossings % 2 == 1
