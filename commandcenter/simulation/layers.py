"""The map layers of the district as GeoJSON: outline, streets, grids."""

import json
from collections.abc import Iterable
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from commandcenter.simulation.district import DistrictMap

SCHEMATIC = "示意：由程序生成，非真实边界"
_A_METRE = 1e-5  # degrees


def layers(made: DistrictMap) -> dict[str, bytes]:
    """Returns GeoJSON FeatureCollections (UTF-8, WGS 84) by layer; each feature has the property `schematic`."""
    return {"outline": _outline(made), "streets": _streets(made), "grids": _grids(made)}


def _outline(made: DistrictMap) -> bytes:
    district, lake = made.reference.district, made.reference.sketch["lake"]["name"]
    source = made.reference.sketch["outline"]["source"]
    return _collection(
        (
            _feature(made.outline, id=district.id, name=district.name, kind="outline", schematic=False, source=source),
            _feature(made.lake, id="lake", name=lake, kind="lake", schematic=True),
        )
    )


def _streets(made: DistrictMap) -> bytes:
    return _collection(
        _feature(
            made.street_shapes[street.id],
            id=street.id,
            name=street.name,
            schematic=True,
            label=[street.place.lon, street.place.lat] if street.place else [],
        )
        for street in made.streets
    )


def _grids(made: DistrictMap) -> bytes:
    return _collection(
        _feature(
            area.shape,
            id=area.grid.id,
            name=area.grid.name,
            schematic=True,
            street=area.grid.street,
            community=area.grid.community,
        )
        for area in made.today
    )


def _collection(features: Iterable[dict[str, Any]]) -> bytes:
    body = {"type": "FeatureCollection", "note": SCHEMATIC, "features": list(features)}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _feature(shape: BaseGeometry, **properties: Any) -> dict[str, Any]:
    rounded = shapely.set_precision(shape, _A_METRE, mode="pointwise")
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(rounded))}
