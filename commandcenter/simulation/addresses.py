"""Generates addresses for Baohe: real roads and communities, invented numbers and corners, each with its point."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon

from commandcenter.simulation import ground
from commandcenter.simulation.district import DistrictMap
from commandcenter.simulation.ground import Points
from commandcenter.simulation.reference import short_name

ADDRESSES_PER_GRID = 10  # addresses per grid
_MARGIN = 4e-5  # degrees
_SIDES = ("东北角", "西南角", "东侧", "西侧", "南侧", "北侧", "东南角", "西北角")
_ESTATES = ("小区", "家园", "新村", "苑")
_DOORS = ("", "北侧", "南侧", "单元门口")
_TOWN = ("菜市场东门", "社区服务中心旁", "公交站台", "小学南门", "口袋公园", "幼儿园门口", "快递驿站旁", "便民服务点")
_VILLAGE = ("村部旁", "村口", "卫生室门前", "排灌站旁", "文化广场", "主干道旁", "农贸点", "河堤路段")


@dataclass(frozen=True)
class Addresses:
    """ADDRESSES_PER_GRID addresses for each of today's grids, in the order of the grids.

    `points` are float64[grids × ADDRESSES_PER_GRID, 2] (longitude, latitude) in WGS 84 degrees, `names` their texts in
    the same order. `inner` are the grids' shapes, a few metres narrower, so that a point inside
    stays inside when rounded.
    """

    points: Points
    names: tuple[str, ...]
    inner: tuple[Polygon, ...]

    def near(self, address: np.ndarray, chance: np.random.Generator) -> Points:
        """Returns a point within about 30 m of each `address` index, never outside its grid: float64[n, 2] degrees."""
        base = self.points[address]
        moved = base + chance.normal(0.0, 12.0 / ground.METRES, base.shape) / ground.DEGREE_SCALE
        grids = np.array(self.inner)[address // ADDRESSES_PER_GRID]
        stays = shapely.contains_xy(grids, moved[:, 0], moved[:, 1])
        spots: Points = np.round(np.where(stays[:, None], moved, base), 6)
        return spots


def make(made: DistrictMap, chance: np.random.Generator) -> Addresses:
    """Returns the addresses of all of today's grids."""
    roads = {row["code"]: row["roads"] for row in made.reference.sketch["street"]}
    communities = {one.id: short_name(one.name) for one in made.communities}
    inner = tuple(shapely.buffer(np.array([area.shape for area in made.today]), -_MARGIN).tolist())
    points = np.concatenate([ground.inside(shape, ADDRESSES_PER_GRID, chance) for shape in inner])
    names = tuple(
        _name(roads[area.grid.street], communities[area.grid.community], chance)
        for area in made.today
        for _ in range(ADDRESSES_PER_GRID)
    )
    return Addresses(points, names, inner)


def _name(roads: list[str], community: str, chance: np.random.Generator) -> str:
    way, first, second, number, side = chance.integers(0, 10_000, 5).tolist()
    road, other = roads[first % len(roads)], roads[second % len(roads)]
    if community.endswith("村") and way % 10 < 7:
        return f"{community}{_VILLAGE[number % 8]}" if way % 2 else f"{community}{number % 18 + 1}组{_SIDES[side % 6]}"
    if way % 10 < 3 and road != other:
        return f"{road}与{other}交口{_SIDES[side % 8]}"
    if way % 10 < 6:
        return f"{road}{number % 380 + 1}号{('', '', '门前', '旁')[side % 4]}"
    if way % 10 < 8:
        return f"{community}{_TOWN[number % 8]}"
    estate = community.removesuffix("社区").removesuffix("村")
    return f"{estate}{_ESTATES[first % 4]}{number % 24 + 1}号楼{_DOORS[side % 4]}"
