"""Creates districts in the database and writes their reference records and map layers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import Connection, delete

from commandcenter.domain.calendar import Calendar
from commandcenter.domain.commands import references
from commandcenter.domain.decisions import evolve
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.places import District
from commandcenter.domain.records import KINDS, Record, ref_of, ref_text
from commandcenter.protocol.codec import encode
from commandcenter.protocol.imports import NotTaken
from commandcenter.protocol.paths import PLACE_LAYERS
from commandcenter.server.command_pipeline.effect import write_record
from commandcenter.server.command_pipeline.view import TablesView
from commandcenter.server.storage import event_log, projections
from commandcenter.server.storage.tables import districts, places

_ORDER = tuple(KINDS)  # those that others name before these
_TOGETHER = 100  # maximum records in one log entry


@dataclass(frozen=True, slots=True)
class PutResult:
    """How many reference records were new, changed and unchanged, and which were not taken, or not wholly."""

    new: int
    changed: int
    unchanged: int
    not_taken: tuple[NotTaken, ...] = ()


def create_district(
    connection: Connection, district: District, calendar: Calendar, *, now: datetime | None = None
) -> None:
    """Creates the district in epoch 1; it and its weekly calendar are the first entry of its log."""
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


def put_reference(
    connection: Connection,
    district_id: str,
    records: Iterable[Record],
    *,
    now: datetime | None = None,
    actor: str = "system",
    keep: bool = False,
) -> PutResult:
    """Writes records that other systems supply, and logs them.

    A new record keeps its revision; a changed one gets the next, or its own if that is higher; of one that is given
    several times the last counts. With `keep`, the hall's own edits stay (`references.merge_supplied`), new records
    begin at revision 1, and those that others name are put in before these.
    """
    now = now or datetime.now(UTC)
    view = TablesView(connection, Person(actor, Role.SYSTEM, Scope(district_id)), beyond=True)
    parts: list[event_log.RecordChange] = []
    not_taken: list[NotTaken] = []
    unchanged = fresh = 0
    given = {ref_of(record): record for record in records}
    for ref in sorted(given, key=lambda ref: _ORDER.index(ref[0])) if keep else given:
        before = projections.find(connection, district_id, *ref)
        record, refusal = references.merge_supplied(view, before, given[ref]) if keep else (given[ref], None)
        if refusal is not None:
            not_taken.append(NotTaken(ref_text(*ref), refusal.code, refusal.about))
        if record is None or (before is not None and replace(record, rev=before.rev) == before):
            unchanged += record is not None
            continue
        fresh += before is None
        fact = references.put(before, record, actor, now)
        parts.append(write_record(connection, district_id, before, evolve(before, fact), (fact,)))
    for at in range(0, len(parts), _TOGETHER):
        seq = event_log.next_seq(connection, district_id)
        together = tuple(parts[at : at + _TOGETHER])
        entry = event_log.LogEntry(seq=seq, at=now, actor=actor, cmd_id="", parts=together)
        event_log.append(connection, district_id, entry)
    return PutResult(new=fresh, changed=len(parts) - fresh, unchanged=unchanged, not_taken=tuple(not_taken))


def put_places(connection: Connection, district_id: str, layer: str, geojson: bytes) -> None:
    """Replaces a map layer (outline, streets or grids) by a GeoJSON FeatureCollection in WGS 84.

    Raises ValueError for an unknown layer.
    """
    if layer not in PLACE_LAYERS:
        raise ValueError(f"no layer of the map is called {layer!r}")
    connection.execute(delete(places).where(places.c.district == district_id, places.c.layer == layer))
    etag = f'"{sha256(geojson).hexdigest()[:32]}"'
    row = {"district": district_id, "layer": layer, "etag": etag, "body": geojson}
    connection.execute(places.insert(), row)
