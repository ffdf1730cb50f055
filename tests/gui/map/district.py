"""A district for the map's tests: thirteen streets and many grids by seeded Voronoi cells, cases and crews in it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPoint, Point, Polygon, contains_xy, voronoi_polygons
from shapely.geometry import mapping

from ui.map.content import CREW_STATES, MapCrew

EDGE = [
    (117.374, 31.819), (117.376, 31.805), (117.387, 31.804), (117.418, 31.787), (117.426, 31.772), (117.424, 31.762),
    (117.411, 31.755), (117.395, 31.723), (117.407, 31.705), (117.405, 31.639), (117.295, 31.660), (117.274, 31.659),
    (117.247, 31.654), (117.243, 31.669), (117.231, 31.675), (117.238, 31.698), (117.261, 31.723), (117.265, 31.766),
    (117.228, 31.777), (117.256, 31.816), (117.268, 31.838), (117.296, 31.862), (117.318, 31.846), (117.340, 31.832),
]  # fmt: skip
SHORE = [
    (116.8, 31.3),
    (116.8, 31.64),
    (117.25, 31.676),
    (117.30, 31.681),
    (117.36, 31.668),
    (117.45, 31.69),
    (117.8, 31.72),
    (117.8, 31.3),
]
STREETS = (
    "骆岗街道", "常青街道", "芜湖路街道", "包公街道", "望湖街道", "义城街道", "烟墩街道",
    "万年埠街道", "同安街道", "淝河镇", "大圩镇", "滨湖世纪社区", "方兴社区",
)  # fmt: skip
SEEDS = [
    (117.33, 31.75), (117.27, 31.80), (117.29, 31.825), (117.32, 31.83), (117.305, 31.785), (117.36, 31.70),
    (117.27, 31.71), (117.29, 31.735), (117.255, 31.78), (117.375, 31.785), (117.39, 31.745), (117.262, 31.685),
    (117.315, 31.69),
]  # fmt: skip

Collection = dict[str, Any]


def land() -> Polygon:
    """The district without the lake."""
    return Polygon(EDGE).difference(Polygon(SHORE))


def places(grids: int = 300) -> tuple[Collection, Collection, Collection, str]:
    """Outline, streets, grids as the map takes them, and the district's name."""
    whole, dry = Polygon(EDGE), land()
    lake = whole.buffer(0.9).intersection(Polygon(SHORE))
    outline = [_feature(whole, "340111", "包河区"), _feature(lake, "lake", "巢湖")]
    outline[1]["properties"]["kind"] = "lake"
    streets = _cells(np.array(SEEDS), dry)
    points = scatter(grids, seed=5, spread=1.0)
    grid = _cells(np.column_stack(points), dry)
    named = [_feature(shape, f"s{i}", _nearest(shape, i)) for i, shape in enumerate(streets)]
    return (
        _collection(outline),
        _collection(named),
        _collection([_feature(shape, f"g{i}", f"第 {i + 1:02d} 网格") for i, shape in enumerate(grid)]),
        "包河区",
    )


def scatter(count: int, *, seed: int, spread: float = 0.35) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes inside the land, denser in the north-west where the city is."""
    rng, dry, lon, lat = np.random.default_rng(seed), land(), np.zeros(0), np.zeros(0)
    while len(lon) < count:
        near = rng.random(count * 4) > spread
        x = np.where(near, rng.normal(117.30, 0.03, count * 4), rng.uniform(117.22, 117.43, count * 4))
        y = np.where(near, rng.normal(31.80, 0.035, count * 4), rng.uniform(31.65, 31.865, count * 4))
        inside = contains_xy(dry, x, y)
        lon, lat = np.concatenate((lon, x[inside])), np.concatenate((lat, y[inside]))
    return lon[:count], lat[:count]


def cases(count: int, *, seed: int = 1) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.uint8]]:
    """Columns of cases as the map takes them; most are on time."""
    lon, lat = scatter(count, seed=seed)
    light = np.random.default_rng(seed).choice(5, count, p=[0.78, 0.09, 0.06, 0.04, 0.03]).astype(np.uint8)
    return lon, lat, light


def crews(count: int, *, seed: int = 2) -> list[MapCrew]:
    """Crews all over the district in every status."""
    lon, lat = scatter(count, seed=seed)
    rng, units, say = (
        np.random.default_rng(seed),
        ("城管", "派出所", "市监", "交警"),
        ("离岗", "待命", "已派", "途 4:10", "到场", "处置", "返回"),
    )
    states = rng.choice(7, count, p=[0.05, 0.5, 0.08, 0.12, 0.08, 0.1, 0.07])
    return [
        MapCrew(
            f"c{i}",
            f"{units[i % 4]}{'一二三四五六七八九'[i % 9]}组",
            float(lon[i]),
            float(lat[i]),
            CREW_STATES[s],
            say[s],
        )
        for i, s in enumerate(states)
    ]


def _cells(points: NDArray[np.float64], clip: Polygon) -> list[Polygon]:
    cells = voronoi_polygons(MultiPoint(points), extend_to=clip).geoms
    return [part for cell in cells if not (part := cell.intersection(clip)).is_empty]


def _nearest(shape: Polygon, fallback: int) -> str:
    inside = [name for name, seed in zip(STREETS, SEEDS, strict=True) if shape.contains(Point(seed))]
    return inside[0] if inside else f"街道 {fallback}"


def _feature(shape: Any, number: str, name: str) -> Collection:
    return {"type": "Feature", "properties": {"id": number, "name": name}, "geometry": mapping(shape)}


def _collection(features: list[Collection]) -> Collection:
    return {"type": "FeatureCollection", "features": features}
