"""The map layers of the district as GeoJSON: outline, streets, grids."""

import json
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from commandcenter.domain.places import Grid, Street
from commandcenter.simulation.district import DistrictMap

SCHEMATIC = "示意：由程序生成，非真实边界"
_A_METRE = 1e-5  # degrees


def layers(made: DistrictMap) -> dict[str, bytes]:
    """Returns GeoJSON FeatureCollections (UTF-8, WGS 84) by layer; each feature has the property `schematic`."""
    district, sketch = made.reference.district, made.reference.sketch
    source, lake = sketch["outline"]["source"], sketch["lake"]["name"]
    outline = [
        _feature(made.outline, id=district.id, name=district.name, kind="outline", schematic=False, source=source),
        _feature(made.lake, id="lake", name=lake, kind="lake", schematic=True),
    ]
    streets = [_street(street, made.street_shapes[street.id]) for street in made.streets]
    grids = [_grid(area.grid, area.shape) for area in made.today]
    return {"outline": _collection(outline), "streets": _collection(streets), "grids": _collection(grids)}


def _street(street: Street, shape: BaseGeometry) -> dict[str, Any]:
    label = [street.place.lon, street.place.lat] if street.place else []
    return _feature(shape, id=street.id, name=street.name, schematic=True, label=label)


def _grid(grid: Grid, shape: BaseGeometry) -> dict[str, Any]:
    return _feature(shape, id=grid.id, name=grid.name, schematic=True, street=grid.street, community=grid.community)


def _collection(features: list[dict[str, Any]]) -> bytes:
    body = {"type": "FeatureCollection", "note": SCHEMATIC, "features": features}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _feature(shape: BaseGeometry, **properties: Any) -> dict[str, Any]:
    rounded = shapely.set_precision(shape, _A_METRE, mode="pointwise")
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(rounded))}
