"""Reads reference records and their revisions, which the log keeps."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, literal, or_, select

from commandcenter.domain.facts import name_of
from commandcenter.domain.records import Ref, edited_fields
from commandcenter.protocol.codec import RecordEnvelope, read_facts, record_envelope
from commandcenter.protocol.references import ReferenceHistory, ReferencePage, Revision
from commandcenter.server.storage import event_log
from commandcenter.server.storage.projections import find
from commandcenter.server.storage.tables import log, records


def page(connection: Connection, district: str, kind: str, *, limit: int, after: str) -> ReferencePage:
    """Returns the records of `kind`, retired ones too, from behind the id `after` on."""
    of_kind = select(records.c.id, records.c.body).where(records.c.district == district, records.c.kind == kind)
    rows = connection.execute(of_kind.where(records.c.id > after).order_by(records.c.id).limit(limit + 1)).all()
    items = tuple(RecordEnvelope(kind, msgspec.Raw(row.body)) for row in rows[:limit])
    return ReferencePage(items, rows[limit - 1].id if len(rows) > limit else None)


def history(
    connection: Connection, district: str, ref: Ref, *, limit: int, before: int | None
) -> ReferenceHistory | None:
    """Returns the record with its revisions before the revision `before`; None when there is no such record.

    Revisions by which only a device's reports differ are left out.
    """
    record = find(connection, district, *ref)
    if record is None:
        return None
    words = literal(" ") + log.c.changed + " "
    edited = or_(log.c.changed == event_log.NEW, *(words.contains(f" {name} ") for name in edited_fields(ref[0])))
    of_record = (log.c.district == district, log.c.record == ref[1], log.c.kind == ref[0], edited)
    wanted = select(log).where(*of_record).order_by(log.c.rev.desc()).limit(limit + 1)
    rows = connection.execute(wanted if before is None else wanted.where(log.c.rev < before)).all()
    following = str(rows[limit - 1].rev) if len(rows) > limit else None
    return ReferenceHistory(record_envelope(record), tuple(map(_revision, rows[:limit])), following)


def _revision(row: Row[Any]) -> Revision:
    facts = read_facts(event_log.decode_facts([row.facts]))
    return Revision(
        rev=row.rev,
        at=datetime.fromtimestamp(row.at, UTC),
        actor=row.actor,
        fact=name_of(facts[-1]) if facts else "",
        changed=tuple(row.changed.split()),
        reverts=getattr(facts[-1], "to", None) if facts else None,
        record=None if row.after is None else RecordEnvelope(row.kind, msgspec.Raw(row.after)),
    )
