"""A district in the tables: made once, its reference records and its geometry put in and replaced."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import Connection, Row, delete, literal_column, select

from commandcenter.domain.calendar import Calendar
from commandcenter.domain.places import District
from commandcenter.domain.records import Record, kind_of
from commandcenter.protocol.codec import encode
from commandcenter.protocol.paths import PLACE_LAYERS
from commandcenter.server.command_pipeline.effect import changed
from commandcenter.server.storage import event_log, projections
from commandcenter.server.storage.tables import districts, places

_TOGETHER = 100  # records in one entry of the log


@dataclass(frozen=True, slots=True)
class PutResult:
    """What became of reference records."""

    new: int
    changed: int
    unchanged: int


def create_district(
    connection: Connection, district: District, calendar: Calendar, *, now: datetime | None = None
) -> None:
    """Make the district with its weekly calendar: epoch 1, an empty log."""
    row = {
        "id": district.id,
        "name": district.name,
        "zone": district.zone,
        "prefix": district.prefix,
        "epoch": 1,
        "bases": encode({"1": 0}).decode(),
        "head": 0,
        "floor": 1,
    }
    connection.execute(districts.insert(), row)
    put_reference(connection, district.id, (district, calendar), now=now)


def find_district(connection: Connection, district_id: str) -> Row[tuple[object, ...]] | None:
    """The district's row, if it is there."""
    return connection.execute(select(districts).where(districts.c.id == district_id)).first()


def district_ids(connection: Connection) -> list[str]:
    """All districts, in the order in which they were made."""
    return list(connection.execute(select(districts.c.id).order_by(literal_column("rowid"))).scalars())


def put_reference(
    connection: Connection,
    district_id: str,
    records: Iterable[Record],
    *,
    now: datetime | None = None,
    actor: str = "system",
    keep: bool = False,
) -> PutResult:
    """Put in reference records and crews (never cases); a new one keeps its revision, a changed one gets the next.

    With `keep`, a record that is there stays as this hall has it; crews alone are told anew.
    """
    parts: list[event_log.RecordChange] = []
    unchanged = fresh = 0
    for record in records:
        before = projections.find(connection, district_id, kind_of(record), record.id)
        stays = keep and kind_of(record) != "crew"
        if before is not None and (stays or replace(record, rev=before.rev) == before):
            unchanged += 1
            continue
        fresh += before is None
        parts.append(_put(connection, district_id, record, before))
    for together in _bundles(parts):
        _append(connection, district_id, together, now or datetime.now(UTC), actor)
    return PutResult(new=fresh, changed=len(parts) - fresh, unchanged=unchanged)


def put_places(connection: Connection, district_id: str, layer: str, geojson: bytes) -> None:
    """Replace a layer of the map: outline, streets or grids, a FeatureCollection in WGS 84."""
    if layer not in PLACE_LAYERS:
        raise ValueError(f"no layer of the map is called {layer!r}")
    connection.execute(delete(places).where(places.c.district == district_id, places.c.layer == layer))
    etag = f'"{sha256(geojson).hexdigest()[:32]}"'
    row = {"district": district_id, "layer": layer, "etag": etag, "body": geojson}
    connection.execute(places.insert(), row)


def _put(connection: Connection, district_id: str, record: Record, before: Record | None) -> event_log.RecordChange:
    after = record if before is None else replace(record, rev=max(record.rev, before.rev + 1))
    return event_log.RecordChange(
        kind=kind_of(after),
        id=after.id,
        rev=after.rev,
        changed=changed(before, after),
        was=projections.place_of(before),
        now=projections.place_of(after),
        facts=b"[]",
        after=projections.store(connection, district_id, after, before=before),
    )


def _bundles(parts: Sequence[event_log.RecordChange]) -> list[Sequence[event_log.RecordChange]]:
    """Entries of the log: a crew alone, for some lose sight of it by what others see; all else together."""
    crews = [part for part in parts if part.kind == "crew"]
    others = [part for part in parts if part.kind != "crew"]
    return [*(others[at : at + _TOGETHER] for at in range(0, len(others), _TOGETHER)), *([crew] for crew in crews)]


def _append(
    connection: Connection, district_id: str, parts: Sequence[event_log.RecordChange], at: datetime, actor: str
) -> None:
    seq = event_log.next_seq(connection, district_id)
    entry = event_log.LogEntry(seq=seq, at=at, actor=actor, cmd_id="", parts=tuple(parts))
    event_log.append(connection, district_id, entry)
