"""What no hall can hold, however well it is written: revisions, moments and places out of this world."""

from datetime import UTC, datetime

from commandcenter.domain.cases import Case
from commandcenter.domain.records import Record
from commandcenter.domain.teams import Crew
from commandcenter.protocol.codec import Unreadable
from commandcenter.protocol.messages import MOST

_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_MOMENTS = ("received_at", "filed_at", "due", "green_until", "dispatched_at", "accepted_at", "reported_at", "ended_at")


def is_believable(moment: datetime) -> bool:
    """Whether a clock can show it: far from both ends of the calendar, where counting with it would overflow."""
    return moment.tzinfo is not None and _FIRST <= moment <= _LAST


def sound(record: Record) -> Record:
    """The record itself; Unreadable when a console could neither keep nor count with it."""
    if not (0 < record.rev <= MOST and record.id and len(record.id) <= 200):
        raise Unreadable(f"a record with the id {record.id[:40]!r} at {record.rev}")
    if isinstance(record, Case):
        moments = [moment for name in _MOMENTS if (moment := getattr(record, name)) is not None]
        if not all(map(is_believable, moments)):
            raise Unreadable(f"case {record.id} at a moment that no clock shows")
    if isinstance(record, (Case, Crew)) and record.spot is not None and not record.spot.is_on_earth:
        raise Unreadable(f"{record.id} is nowhere on earth")
    return record
