"""Generates the demonstration's district: streets, communities and grids with schematic areas inside the real outline.

The boundaries of streets and basic grids are not published; those made here are 示意 (schematic) and always the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from commandcenter.domain.places import Community, Grid, Spot, Street
from commandcenter.simulation import ground
from commandcenter.simulation.areas import Area, joined, street_grids
from commandcenter.simulation.ground import Points
from commandcenter.simulation.reference import Reference

_SEED = 340111
_FINE_CELLS = 900


@dataclass(frozen=True)
class DistrictMap:
    """The district on the map; shapes are in WGS 84 degrees. The lake lies inside the outline and in no street."""

    reference: Reference
    outline: BaseGeometry
    lake: BaseGeometry
    streets: tuple[Street, ...]
    street_shapes: Mapping[str, Polygon]
    communities: tuple[Community, ...]
    today: tuple[Area, ...]
    archive: tuple[Area, ...]

    def grids_by_cell(self, *, archive: bool) -> list[Grid]:
        """Returns one grid for each of today's grids, in their order.

        The grid itself, or with `archive` the archive's grid that it was part of.
        """
        areas = self.archive if archive else self.today
        found = {cell: area.grid for area in areas for cell in area.cells}
        return [found[cell] for cell in range(len(self.today))]


def make(reference: Reference) -> DistrictMap:
    """Returns the map of `reference`; the same on every run."""
    chance = np.random.default_rng(_SEED)
    outline = shape(reference.outline["features"][0]["geometry"])
    lake = shapely.intersection(Polygon(reference.sketch["lake"]["shore"]), outline)
    grown = _grown_streets(reference, shapely.difference(outline, lake), chance)
    today, archive = _all_grids(reference, grown, chance)
    names = {row["code"]: row["name"] for row in reference.places["streets"]}
    shapes = {code: joined([area.shape for area in today if area.grid.street == code]) for code in names}
    streets = tuple(Street(code, 1, name, Spot(*ground.label_point(shapes[code]))) for code, name in names.items())
    return DistrictMap(reference, outline, lake, streets, shapes, reference.communities, tuple(today), tuple(archive))


def _grown_streets(reference: Reference, land: BaseGeometry, chance: np.random.Generator) -> dict[str, Polygon]:
    """Grows streets from their hand-set seeds over small cells, so that their borders look natural."""
    points = ground.scatter(land, _FINE_CELLS, chance, tries=8)
    fine = ground.cells(land, points)
    rows = reference.sketch["street"]
    seeds = [np.array(row["seeds"]) for row in rows]
    starts = {_nearest(points, seed): at for at, few in enumerate(seeds) for seed in few}

    def cost(cell: int, street: int) -> float:
        apart = ((points[cell] - seeds[street]) * ground.DEGREE_SCALE) ** 2
        return float(np.sqrt(apart.sum(axis=1).min()) / rows[street]["reach"])

    region = ground.grow(ground.neighbours(fine), starts, cost)
    return {
        row["code"]: joined([cell for cell, owner in zip(fine, region, strict=True) if owner == at])
        for at, row in enumerate(rows)
    }


def _all_grids(
    reference: Reference, shapes: Mapping[str, Polygon], chance: np.random.Generator
) -> tuple[list[Area], list[Area]]:
    today: list[Area] = []
    archive: list[Area] = []
    sketch = reference.sketch["grids"]
    owed = 0.0
    for row in reference.sketch["street"]:
        wanted = row["grids"] * sketch["archive"] / sketch["today"] + owed
        owed = wanted - round(wanted)
        counts = (row["grids"], round(wanted))
        new, old = street_grids(
            reference, shapes[row["code"]], row["code"], counts=counts, before=len(today), chance=chance
        )
        today += new
        archive += old
    return today, archive


def _nearest(points: Points, seed: Points) -> int:
    return int(np.argmin((((points - seed) * ground.DEGREE_SCALE) ** 2).sum(axis=1)))
