"""Creates the district that a mapping names in a data folder when it is missing, with an outline around its cases."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shapely import MultiPoint, set_precision
from shapely.geometry import mapping as as_geojson
from sqlalchemy import Connection, select

from commandcenter.domain.calendar import OFFICE_HOURS, Calendar, weekly
from commandcenter.domain.cases import Case
from commandcenter.domain.places import District
from commandcenter.operations.import_targets import FolderTarget
from commandcenter.protocol.codec import read_record
from commandcenter.server.command_pipeline.districts import create_district, put_places
from commandcenter.server.intake.mapping import Mapping
from commandcenter.server.storage.database import open_writer
from commandcenter.server.storage.districts import find_district
from commandcenter.server.storage.folder_lock import hold
from commandcenter.server.storage.site_key import site_key
from commandcenter.server.storage.tables import cases, places
from commandcenter.server.storage.vault import open_key

_FAR_OUT = 0.005  # share of the spots that is left out on each side


@contextmanager
def folder_target(data: Path, mapping: Mapping, district: str) -> Iterator[FolderTarget]:
    """Holds `data` and yields the target for its `district`, which is created when it is missing.

    Raises UnusableEnvironment while a platform holds the folder.
    """
    with hold(data):
        engine = open_writer(data)
        try:
            with engine.begin() as connection:
                if find_district(connection, district) is None:
                    create_district(connection, *_made(mapping, district))
            yield FolderTarget(engine, district, site_key(open_key(data)))
            with engine.begin() as connection:
                _outline(connection, district, mapping)
        finally:
            engine.dispose()


def _made(mapping: Mapping, district: str) -> tuple[District, Calendar]:
    part = mapping.district
    made = District(id=district, rev=1, name=part.name, zone=mapping.zone, prefix=part.prefix)
    return made, weekly(mapping.zone, spans=OFFICE_HOURS)


def _outline(connection: Connection, district: str, mapping: Mapping) -> None:
    """Stores a schematic outline: the hull of the exact spots with a margin of 0.005 degrees. Keeps an existing one."""
    there = select(places.c.layer).where(places.c.district == district, places.c.layer == "outline")
    spots = _spots(connection, district)
    if len(spots) < 3 or connection.execute(there).first() is not None:
        return
    hull = set_precision(MultiPoint(_without_outliers(spots)).convex_hull.buffer(0.005), 1e-5)
    properties = {"id": district, "name": mapping.district.name, "schematic": True}
    properties |= {"drawn": "hull", "source": mapping.source}
    feature = {"type": "Feature", "properties": properties, "geometry": as_geojson(hull)}
    for layer, features in (("outline", [feature]), ("streets", []), ("grids", [])):
        collection = {"type": "FeatureCollection", "features": features}
        put_places(connection, district, layer, json.dumps(collection, ensure_ascii=False).encode())


def _without_outliers(spots: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Returns the spots without the few that lie far out: one wrong address must not stretch the whole district."""
    few = int(len(spots) * _FAR_OUT)
    (west, east), (south, north) = (
        (ordered[few], ordered[len(ordered) - 1 - few])
        for ordered in (sorted(axis) for axis in zip(*spots, strict=True))
    )
    return [(lon, lat) for lon, lat in spots if west <= lon <= east and south <= lat <= north]


def _spots(connection: Connection, district: str) -> list[tuple[float, float]]:
    bodies = connection.execute(select(cases.c.body).where(cases.c.district == district)).scalars()
    found = (read_record("case", body) for body in bodies)
    return [(case.spot.lon, case.spot.lat) for case in found if isinstance(case, Case) and case.spot]
