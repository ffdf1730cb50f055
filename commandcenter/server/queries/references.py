"""Reads reference records and their revisions, which the log keeps."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from commandcenter.domain.facts import name_of
from commandcenter.domain.records import Ref
from commandcenter.protocol.codec import read_facts, record_bytes
from commandcenter.protocol.references import ReferenceHistory, ReferencePage, Revision
from commandcenter.server.storage import event_log
from commandcenter.server.storage.projections import find
from commandcenter.server.storage.secrecy import edited_envelope
from commandcenter.server.storage.tables import log, records


def page(connection: Connection, district: str, kind: str, *, limit: int, after: str) -> ReferencePage:
    """Returns the records of `kind`, retired ones too, from behind the id `after` on."""
    of_kind = select(records.c.id, records.c.body).where(records.c.district == district, records.c.kind == kind)
    rows = connection.execute(of_kind.where(records.c.id > after).order_by(records.c.id).limit(limit + 1)).all()
    items = tuple(edited_envelope(kind, row.body) for row in rows[:limit])
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
    wanted = event_log.edits(district, ref).limit(limit + 1)
    rows = connection.execute(wanted if before is None else wanted.where(log.c.rev < before)).all()
    following = str(rows[limit - 1].rev) if len(rows) > limit else None
    now = edited_envelope(ref[0], record_bytes(record))
    return ReferenceHistory(now, tuple(map(_revision, rows[:limit])), following)


def _revision(row: Row[Any]) -> Revision:
    facts = read_facts(event_log.decode_facts([row.facts]))
    return Revision(
        rev=row.rev,
        at=datetime.fromtimestamp(row.at, UTC),
        actor=row.actor,
        fact=name_of(facts[-1]) if facts else "",
        changed=tuple(row.changed.split()),
        reverts=getattr(facts[-1], "to", None) if facts else None,
        record=None if row.after is None else edited_envelope(row.kind, row.after),
    )
