"""Computes working time from a weekly calendar of working hours in a time zone.

The running total W(t) of working seconds is piecewise linear and has the same shape every week, so that "time left" is
one subtraction, W(due) − W(now), for one case as for a hundred thousand.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from commandcenter.domain.reference import Reference

WEEK = 7 * 86400
_FORMER_MOST = 100  # earlier revisions kept
_QUARTER = 900  # seconds; the offset of a zone changes at no other moments
COUNTED_BY = "week"  # id of the calendar by which limits are counted; a district may have others
OFFICE_HOURS = ((8 * 60 + 30, 12 * 60), (13 * 60, 17 * 60 + 30))  # minutes after midnight, until others are given
YEARS = range(1900, 3000)  # accepted years; further out, date arithmetic overflows
_MONDAY = datetime(2000, 1, 3)  # noqa: DTZ001  # local time on purpose: a working week is one of the wall clock


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours on one weekday (0 = Monday), as minutes after midnight in local time."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FormerWeek:
    """The working hours of a calendar at an earlier revision."""

    rev: int
    zone: str
    hours: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class Calendar(Reference):
    """The weekly working hours of a district; `zone` is an IANA time zone.

    `former` are the hours of its earlier revisions, the latest first: a case is counted by those of its filing.
    """

    id: str
    rev: int
    zone: str
    hours: tuple[Hours, ...]
    former: tuple[FormerWeek, ...] = ()

    def __hash__(self) -> int:
        return hash((self.id, self.rev))  # hashing all the hours would cost more than the lookup it is for

    def at(self, rev: int) -> "Calendar":
        """Returns the calendar as it was at the revision `rev`; as it is when that is not known."""
        # A change that is pending keeps the revision that it is based on: the earliest hours of that are meant.
        then = next((week for week in reversed(self.former) if week.rev == rev), None)
        return self if then is None else replace(self, rev=rev, zone=then.zone, hours=then.hours, former=())

    def following(self, before: "Calendar") -> "Calendar":
        """Returns the calendar as the next revision of `before`, whose hours it keeps."""
        former = (FormerWeek(before.rev, before.zone, before.hours), *before.former)
        return replace(self, former=former[:_FORMER_MOST])

    def elapsed(self, moment: datetime) -> float:
        """Returns the working seconds from a fixed Monday in the past to `moment` (timezone-aware)."""
        return _table(self).elapsed(_local_seconds(moment, self.zone))

    def between(self, since: float, until: float) -> float:
        """Returns the working seconds from `since` to `until` (seconds since 1970), to the millisecond; 0 if negative.

        Faster than the difference of two `elapsed`: the zone's offset is looked up once a quarter of an hour.
        """
        elapsed, zone = _table(self).elapsed, self.zone
        begun = elapsed(since + _offset(zone, since // _QUARTER))
        return round(max(elapsed(until + _offset(zone, until // _QUARTER)) - begun, 0.0), 3)

    def moment(self, total: float) -> datetime:
        """Returns the first time (UTC) at which `elapsed` reaches `total` seconds."""
        return _moment(_table(self).inverse(total), self.zone)

    def spans(self, since: datetime, seconds: float) -> list[tuple[datetime, datetime]]:
        """Returns the spans of working time (UTC) from `since` on that together hold `seconds`, at least one."""
        at, found = _local_seconds(since, self.zone), []
        for start, end in _table(self).spans(at):
            until = min(end, start + seconds)
            found.append((_moment(start, self.zone), _moment(until, self.zone)))
            seconds -= until - start
            if seconds <= 0:
                break
        return found

    def resumes(self, moment: datetime) -> datetime | None:
        """Returns when working time, which rests at `moment`, runs again (UTC); None while it runs."""
        start, _ = self.spans(moment, 1)[0]
        return start if start > moment else None

    def day_seconds(self) -> float:
        """Returns the working seconds of the longest working day, which is what one working day 工作日 counts for."""
        days = [sum((h.end - h.start) * 60 for h in self.hours if h.weekday == day) for day in range(7)]
        return float(max(days))


class _Table:
    """W within one week: the breakpoints (seconds of the week) and the total at each."""

    def __init__(self, hours: tuple[Hours, ...]) -> None:
        spans = sorted((h.weekday * 86400 + h.start * 60, h.weekday * 86400 + h.end * 60) for h in hours)
        if not spans:
            raise ValueError("a calendar needs at least one span of working hours")
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.before = [0, *accumulate(end - start for start, end in spans)]
        self.week = self.before[-1]

    def elapsed(self, seconds: float) -> float:
        weeks, rest = divmod(seconds, WEEK)
        at = bisect_right(self.starts, rest) - 1
        inside = 0.0 if at < 0 else self.before[at] + min(rest, self.ends[at]) - self.starts[at]
        return weeks * self.week + inside

    def inverse(self, total: float) -> float:
        weeks, rest = divmod(total, self.week)
        if rest == 0:
            return (weeks - 1) * WEEK + self.ends[-1]
        at = bisect_right(self.before, rest) - 1
        at -= self.before[at] == rest
        return weeks * WEEK + self.starts[at] + rest - self.before[at]

    def spans(self, seconds: float) -> Iterator[tuple[float, float]]:
        """Yields the spans from `seconds` on, without end, the first from there if it has begun."""
        week = seconds // WEEK * WEEK
        while True:
            for start, end in zip(self.starts, self.ends, strict=True):
                if week + end > seconds:
                    yield max(float(week + start), seconds), float(week + end)
            week += WEEK


@lru_cache(maxsize=64)
def _table(calendar: Calendar) -> _Table:
    return _Table(calendar.hours)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=65536)
def _offset(zone: str, quarter: float) -> float:
    """Returns what is to be added to seconds since 1970 in that quarter of an hour to count from _MONDAY local time."""
    at = quarter * _QUARTER
    return _local_seconds(datetime.fromtimestamp(at, UTC), zone) - at


def _local_seconds(moment: datetime, zone: str) -> float:
    return (moment.astimezone(_zone(zone)).replace(tzinfo=None) - _MONDAY).total_seconds()


def _moment(local_seconds: float, zone: str) -> datetime:
    return (_MONDAY + timedelta(seconds=local_seconds)).replace(tzinfo=_zone(zone)).astimezone(UTC)


def weekly(zone: str, *, days: int = 5, spans: tuple[tuple[int, int], ...]) -> Calendar:
    """Returns a calendar with the same `spans` (minutes after midnight) on the first `days` days of each week."""
    hours = tuple(Hours(day, start, end) for day in range(days) for start, end in spans)
    return Calendar(id=COUNTED_BY, rev=1, zone=zone, hours=hours)
