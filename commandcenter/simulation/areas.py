"""Divides one street into basic grids: today's, and those of the archive, each made of some of today's."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon

from commandcenter.domain.places import Community, Grid
from commandcenter.simulation import ground
from commandcenter.simulation.ground import Points
from commandcenter.simulation.reference import Reference


@dataclass(frozen=True)
class Area:
    """A grid with its shape; `cells` are the indexes, in the list of all today's grids, of those that it is made of."""

    grid: Grid
    shape: Polygon
    cells: tuple[int, ...]


def street_grids(
    reference: Reference,
    whole: Polygon,
    code: str,
    *,
    counts: tuple[int, int],
    before: int,
    chance: np.random.Generator,
) -> tuple[list[Area], list[Area]]:
    """Returns today's grids and the archive's grids of the street `code`, whose shape is `whole`.

    `counts` gives the number of each. `before` is the number of today's grids in the streets before this one.
    """
    communities = [one for one in reference.communities if one.street == code]
    points = ground.scatter(whole, counts[0], chance)
    shapes = ground.cells(whole, points)
    borders = ground.neighbours(shapes)
    members = _members(ground.share_out(borders, points, len(communities)), points)
    place = {cell: before + at for at, cell in enumerate(cell for group in members for cell in group)}
    olds = _joined_counts([len(group) for group in members], counts[1])
    today: list[Area] = []
    archive: list[Area] = []
    for community, group, old in zip(communities, members, olds, strict=True):
        today += _areas(reference, community, "today", [[cell] for cell in group], shapes, place)
        archive += _areas(reference, community, "archive", ground.merged(borders, group, old), shapes, place)
    return today, archive


def joined(shapes: Sequence[Polygon]) -> Polygon:
    """Returns the union of shapes that border on each other."""
    return shapes[0] if len(shapes) == 1 else shapely.union_all(np.array(shapes), grid_size=1e-9)


def _areas(
    reference: Reference,
    community: Community,
    which: str,
    groups: list[list[int]],
    shapes: list[Polygon],
    place: dict[int, int],
) -> list[Area]:
    since = reference.grids_since(which)
    until, mark = (reference.grids_since("today"), "a") if which == "archive" else (None, "")
    found = []
    for number, cells in enumerate(sorted(groups, key=lambda group: min(place[cell] for cell in group)), 1):
        key, name = f"{community.id}-{mark}{number:02d}", f"第{number:02d}网格"
        grid = Grid(key, 1, name, community.street, community.id, since, until)
        found.append(Area(grid, joined([shapes[cell] for cell in cells]), tuple(place[cell] for cell in cells)))
    return found


def _members(region: list[int], points: Points) -> list[list[int]]:
    """Returns the cells of each community from north to south, then west to east: the order of grid numbers."""
    groups: list[list[int]] = [[] for _ in range(max(region) + 1)]
    for cell in sorted(range(len(region)), key=lambda one: (-round(float(points[one, 1]), 3), float(points[one, 0]))):
        groups[region[cell]].append(cell)
    return groups


def _joined_counts(sizes: list[int], total: int) -> list[int]:
    """Returns how many groups each community's cells become: at least one, in proportion to `sizes`, `total` in all."""
    counts = [max(1, size * total // sum(sizes)) for size in sizes]
    while sum(counts) < total:
        counts[max(range(len(sizes)), key=lambda one: sizes[one] / counts[one])] += 1
    while sum(counts) > total:
        larger = (one for one, count in enumerate(counts) if count > 1)
        counts[min(larger, key=lambda one: sizes[one] / counts[one])] -= 1
    return counts
