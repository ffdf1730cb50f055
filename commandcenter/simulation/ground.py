"""Divides an area: Voronoi cells around random points, which cells border on each other, and connected regions."""

import heapq
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry

Points = NDArray[np.float64]
Neighbours = list[set[int]]

METRES = 111_320.0  # per degree of latitude
_LAT = 31.75
DEGREE_SCALE = np.array([np.cos(np.radians(_LAT)), 1.0])  # scales longitude and latitude to equal lengths
_EDGE = 2e-6  # degrees of common border from which two cells are neighbours


def scatter(area: BaseGeometry, count: int, chance: np.random.Generator, *, tries: int = 12) -> Points:
    """Returns `count` well-spaced random points in `area`: float64[count, 2].

    Best-candidate sampling: each point is, of `tries` candidates, the one farthest from all points so far.
    """
    pool = inside(area, count * tries, chance)
    found = np.empty((count, 2))
    found[0] = pool[0]
    nearest = _squares(pool, found[0])
    for at in range(1, count):
        few = chance.integers(0, len(pool), tries)
        found[at] = pool[few[np.argmax(nearest[few])]]
        np.minimum(nearest, _squares(pool, found[at]), out=nearest)
    return found


def inside(area: BaseGeometry, count: int, chance: np.random.Generator) -> Points:
    """Returns `count` random points, uniform in `area`: float64[count, 2]."""
    west, south, east, north = area.bounds
    shapely.prepare(area)
    found: list[Points] = []
    missing = count
    while missing > 0:
        some = chance.uniform((west, south), (east, north), (missing * 3 + 8, 2))
        kept = some[shapely.contains_xy(area, some[:, 0], some[:, 1])][:missing]
        found.append(kept)
        missing -= len(kept)
    return np.concatenate(found)


def cells(area: BaseGeometry, points: Points) -> list[Polygon]:
    """Returns the Voronoi cells of `points` clipped to `area`, in the order of the points.

    Each is a single polygon; together they fill the area.
    """
    raw = shapely.voronoi_polygons(MultiPoint(points), extend_to=area)
    shapes = np.array(raw.geoms)
    tree = shapely.STRtree(shapes)
    owner, cell = tree.query(shapely.points(points), predicate="within")
    ordered = shapes[cell[np.argsort(owner)]]
    return _single_polygons(list(shapely.intersection(ordered, area)))


def neighbours(shapes: Sequence[Polygon]) -> Neighbours:
    """Returns for each shape the indexes of the shapes that share a stretch of border with it."""
    array = np.array(shapes)
    left, right = shapely.STRtree(array).query(array, predicate="intersects")
    pairs = left < right
    left, right = left[pairs], right[pairs]
    shared = shapely.length(shapely.intersection(array[left], array[right])) > _EDGE
    found: Neighbours = [set() for _ in shapes]
    for one, other in zip(left[shared].tolist(), right[shared].tolist(), strict=True):
        found[one].add(other)
        found[other].add(one)
    return found


def grow(borders: Neighbours, starts: dict[int, int], cost: Callable[[int, int], float]) -> list[int]:
    """Returns the region of each cell, grown from `starts` {cell: region} by always adding the cell of least `cost`.

    `cost(cell, region)`. A region only takes cells that border on it, so that it stays connected.
    """
    region = [-1] * len(borders)
    front = [(0.0, cell, owner) for cell, owner in starts.items()]
    heapq.heapify(front)
    while front:
        _, cell, owner = heapq.heappop(front)
        if region[cell] >= 0:
            continue
        region[cell] = owner
        for near in sorted(borders[cell]):
            if region[near] < 0:
                heapq.heappush(front, (cost(near, owner), near, owner))
    return region


def share_out(borders: Neighbours, centres: Points, count: int) -> list[int]:
    """Returns the region of each cell: `count` connected regions with nearly equal numbers of cells.

    The smallest region takes, of the free cells on its border, the one nearest to its first cell.
    """
    seeds = _far_apart(centres, count)
    region = [-1] * len(borders)
    members = [[seed] for seed in seeds]
    for owner, seed in enumerate(seeds):
        region[seed] = owner
    growing = set(range(count))
    while growing:
        owner = min(growing, key=lambda one: (len(members[one]), one))
        free = sorted({near for cell in members[owner] for near in borders[cell] if region[near] < 0})
        if not free:
            growing.discard(owner)
            continue
        cell = min(free, key=lambda one: (float(_squares(centres[one : one + 1], centres[seeds[owner]])[0]), one))
        region[cell] = owner
        members[owner].append(cell)
    return region


def merged(borders: Neighbours, members: Sequence[int], count: int) -> list[list[int]]:
    """Returns `members` joined into `count` groups of neighbouring cells.

    The smallest group joins its smallest neighbour until `count` are left.
    """
    groups = [[cell] for cell in members]
    while len(groups) > count:
        groups.sort(key=lambda group: (len(group), group))
        small, other = next(_joins(borders, groups))
        groups = [group for group in groups if group is not small and group is not other] + [sorted(small + other)]
    return sorted(groups)


def label_point(shape: Polygon) -> tuple[float, float]:
    """Returns (longitude, latitude) of a point well inside `shape`, where its name can be drawn."""
    centre = shapely.get_point(shapely.maximum_inscribed_circle(shape, tolerance=0.0005), 0)
    return round(centre.x, 6), round(centre.y, 6)


def _joins(borders: Neighbours, groups: list[list[int]]) -> Iterator[tuple[list[int], list[int]]]:
    for small in groups:
        rim = set().union(*(borders[cell] for cell in small))
        for other in groups:
            if other is not small and rim.intersection(other):
                yield small, other


def _far_apart(points: Points, count: int) -> list[int]:
    """Returns the indexes of `count` points, each the farthest from those before it.

    The first is the farthest from the mean.
    """
    chosen = [int(np.argmax(_squares(points, points.mean(axis=0))))]
    nearest = _squares(points, points[chosen[0]])
    while len(chosen) < count:
        chosen.append(int(np.argmax(nearest)))
        np.minimum(nearest, _squares(points, points[chosen[-1]]), out=nearest)
    return chosen


def _squares(points: Points, centre: Points) -> Points:
    apart: Points = (((points - centre) * DEGREE_SCALE) ** 2).sum(axis=1)
    return apart


def _single_polygons(shapes: list[BaseGeometry]) -> list[Polygon]:
    """Keeps the largest piece of each shape; each smaller one joins the kept piece with the longest shared border."""
    pieces = [sorted(shapely.get_parts(shape), key=lambda part: part.area, reverse=True) for shape in shapes]
    kept = [next(part for part in parts if part.geom_type == "Polygon") for parts in pieces]
    for part in (part for parts in pieces for part in parts[1:] if part.area > 0):
        shared = shapely.length(shapely.intersection(np.array(kept), part))
        at = int(np.argmax(shared))
        kept[at] = shapely.union(kept[at], part, grid_size=1e-9)
    return kept
