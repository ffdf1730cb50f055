"""Finds the grid that contains a point, holes of its polygons left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPolygonF


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
        self._plots: list[tuple[QPainterPath, Plot]] = []
        for feature in layer.get("features", ()):
            outline = _outline(feature.get("geometry") or {})
            said = feature.get("properties") or {}
            if not outline.isEmpty() and said.get("id"):
                plot = Plot(*(str(said.get(key) or "") for key in ("id", "name", "street", "community")))
                self._plots.append((outline, plot))

    def __len__(self) -> int:
        return len(self._plots)

    def at(self, lon: float, lat: float) -> Plot | None:
        """Returns the plot that contains the point (WGS 84 degrees); None when no grid does."""
        spot = QPointF(lon, lat)
        return next((plot for outline, plot in self._plots if outline.contains(spot)), None)


def _outline(geometry: dict[str, Any]) -> QPainterPath:
    """Returns the polygons of a geometry in degrees, empty for any other; Qt fills it by the even–odd rule."""
    corners = geometry.get("coordinates") or ()
    parts = {"Polygon": (corners,), "MultiPolygon": corners}.get(str(geometry.get("type")), ())
    path = QPainterPath()
    for ring in (ring for part in parts for ring in part if len(ring) > 3):
        path.addPolygon(QPolygonF([QPointF(lon, lat) for lon, lat, *_ in ring]))
    return path
