"""Rejects records that are well-formed and yet impossible: their revisions, times or positions are out of range."""

from dataclasses import fields
from datetime import UTC, datetime

from commandcenter.domain.records import KINDS, Record
from commandcenter.protocol.codec import RecordIdentity, Unreadable
from commandcenter.protocol.limits import ID_READ_MOST, NUMBER_MOST

_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_MOMENTS = {  # all of the kinds that consoles count by moments; a crew's may be 1970 for never
    kind.type: tuple(one.name for one in fields(kind.type) if one.type in (datetime, datetime | None))
    for kind in KINDS.values()
    if kind.times
}


def is_believable(moment: datetime) -> bool:
    """Whether `moment` is timezone-aware and in 1970-01-02 … 2200-01-01, where computing with it cannot overflow."""
    return moment.tzinfo is not None and _FIRST <= moment <= _LAST


def check_identity(record: Record | RecordIdentity) -> None:
    """Raises Unreadable for a record with an id or a revision that a console could not store."""
    if not (0 < record.rev <= NUMBER_MOST and record.id and len(record.id) <= ID_READ_MOST):
        raise Unreadable(f"a record with the id {record.id[:40]!r} at {record.rev}")


def validated(record: Record) -> Record:
    """Returns the record itself. Raises Unreadable when a console could not store it or compute with it."""
    check_identity(record)
    moments = (getattr(record, name) for name in _MOMENTS.get(type(record), ()))
    if not all(is_believable(moment) for moment in moments if moment is not None):
        raise Unreadable(f"{record.id} at a moment that no clock shows")
    spot = getattr(record, "spot", None)
    if spot is not None and not spot.is_on_earth:
        raise Unreadable(f"{record.id} is nowhere on earth")
    return record
