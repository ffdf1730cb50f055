"""Writes and reads the header by which a console tells its outages: ISO 8601 intervals, separated by commas."""

from collections.abc import Iterable
from datetime import datetime

from commandcenter.domain.calendar import YEARS
from commandcenter.protocol.codec import Unreadable

Interval = tuple[datetime, datetime]  # from (inclusive) to (inclusive), timezone-aware
MOST = 20


def lies_in(moment: datetime, intervals: Iterable[Interval]) -> bool:
    """Whether `moment` lies in one of the intervals."""
    return any(since <= moment <= until for since, until in intervals)


def written(outages: Iterable[Interval]) -> str:
    """Returns the newest outages as the header's value."""
    return ", ".join(f"{since.isoformat()}/{until.isoformat()}" for since, until in sorted(outages)[-MOST:])


def read(value: str) -> tuple[Interval, ...]:
    """Returns the outages of the header's `value`. Raises Unreadable."""
    found = []
    for part in filter(None, map(str.strip, value.split(",")[:MOST])):
        try:
            since, until = map(datetime.fromisoformat, part.split("/"))
        except ValueError as wrong:
            raise Unreadable("an outage is written like 2026-11-24T09:30:00+08:00/2026-11-24T09:45:00+08:00") from wrong
        if not all(one.tzinfo is not None and one.year in YEARS for one in (since, until)):
            raise Unreadable("an outage begins and ends at a moment with a zone and a year of some calendar")
        found.append((since, until))
    return tuple(found)
