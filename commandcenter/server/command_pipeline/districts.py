"""Creates districts in the database and writes their reference records and map layers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete

from commandcenter.domain.calendar import OFFICE_HOURS, Calendar, weekly
from commandcenter.domain.commands import name_of, references
from commandcenter.domain.decisions import Refused, decide, evolve
from commandcenter.domain.fields import unseen_of
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.places import District
from commandcenter.domain.records import KINDS, Record, ref_of, ref_text
from commandcenter.protocol.codec import encode
from commandcenter.protocol.imports import NotTaken
from commandcenter.protocol.paths import PLACE_LAYERS
from commandcenter.protocol.statuses import Status
from commandcenter.server.command_pipeline.effect import write_record
from commandcenter.server.command_pipeline.view import TablesView
from commandcenter.server.identifiers import form_refusal
from commandcenter.server.storage import audit, event_log, projections
from commandcenter.server.storage.tables import districts, places

_ORDER = tuple(KINDS)  # those that others name before these
_TOGETHER = 100  # maximum records in one log entry


@dataclass(frozen=True, slots=True)
class PutResult:
    """How many reference records were new, changed and unchanged, and which were not taken, or not wholly.

    One that stays as it is here although another system has it otherwise is both unchanged and not taken; one that
    would be new and is not taken is not taken alone.
    """

    new: int
    changed: int
    unchanged: int
    not_taken: tuple[NotTaken, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """The number of each."""
        counts = {"new": self.new, "changed": self.changed, "unchanged": self.unchanged}
        return counts | {"not_taken": len(self.not_taken)}


def create_district(
    connection: Connection,
    district: District,
    calendar: Calendar,
    *,
    now: datetime | None = None,
    actor: str = "system",
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
    put_reference(connection, district.id, (district, calendar), now=now, actor=actor)


def create_district_as(connection: Connection, by: Person, wanted: District, *, now: datetime) -> District | Refused:
    """Returns the district that `by`, an administrator of the whole platform, creates, with office hours, or why not.

    Both are audited: the one in the new district, the other in the administrator's own place.
    """
    there = Person(by.user, by.role, replace(by.scope, district=wanted.id))
    command = references.CreateReference(ref_text("district", wanted.id), wanted)
    view = TablesView(connection, there, beyond=unseen_of(command))
    decision = form_refusal(command) or decide(view, command, there, now)
    how: dict[str, Any] = {"at": now, "record": command.record}
    if isinstance(decision, Refused):
        audit.note(connection, by, name_of(command), outcome=decision.code, **how)
        return decision
    made = evolve(None, decision[0])
    assert isinstance(made, District)
    create_district(connection, made, weekly(made.zone, spans=OFFICE_HOURS), now=now, actor=by.user)
    audit.note(connection, there, name_of(command), outcome=Status.APPLIED, **how)
    return made


def put_reference(
    connection: Connection,
    district: str,
    records: Iterable[Record],
    *,
    now: datetime | None = None,
    actor: str = "system",
) -> PutResult:
    """Writes records as they are, and logs them.

    A new record keeps its revision; a changed one gets the next, or its own if that is higher; of one that is given
    several times the last counts.
    """
    given = {ref_of(record): record for record in records}
    wanted = ((projections.find(connection, district, *ref), record) for ref, record in given.items())
    return _put(connection, district, wanted, now or datetime.now(UTC), actor)


def bring_reference(
    connection: Connection, person: Person, records: Iterable[Record], *, now: datetime, action: str = "supply"
) -> PutResult:
    """Puts in what another system has, in the name of `person`: one row of the audit, with the counts.

    The hall's own edits stay (`references.merge_supplied`), new records begin at revision 1, and those that others
    name are put in before these.
    """
    given, district = {ref_of(record): record for record in records}, person.scope.district
    view = TablesView(connection, Person(person.user, Role.SYSTEM, Scope(district)))
    not_taken: list[NotTaken] = []

    def brought() -> Iterator[tuple[Record | None, Record]]:
        """Yields each record as it is and as it becomes, once those before it are written."""
        for ref in sorted(given, key=lambda ref: _ORDER.index(ref[0])):
            before = projections.find(connection, district, *ref)
            record, refusal = references.merge_supplied(view, before, given[ref])
            if refusal is not None:
                not_taken.append(NotTaken(ref_text(*ref), refusal.code, refusal.about))
            if record is not None:
                yield before, record

    put = replace(_put(connection, district, brought(), now, person.user), not_taken=tuple(not_taken))
    outcome = ", ".join(f"{count} {word}" for word, count in put.counts.items())
    audit.note(connection, person, action, at=now, outcome=outcome, record=ref_text("district", district))
    return put


def _put(
    connection: Connection, district: str, wanted: Iterable[tuple[Record | None, Record]], now: datetime, actor: str
) -> PutResult:
    """Writes and logs each record that is another than before."""
    parts: list[event_log.RecordChange] = []
    unchanged = fresh = 0
    for before, record in wanted:
        if before is not None and replace(record, rev=before.rev) == before:
            unchanged += 1
            continue
        fresh += before is None
        fact = references.put(before, record, actor, now)
        parts.append(write_record(connection, district, before, evolve(before, fact), (fact,)))
    for at in range(0, len(parts), _TOGETHER):
        seq, together = event_log.next_seq(connection, district), tuple(parts[at : at + _TOGETHER])
        event_log.append(connection, district, event_log.LogEntry(seq, now, actor, "", together))
    return PutResult(fresh, len(parts) - fresh, unchanged)


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
