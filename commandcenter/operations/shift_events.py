"""Reads the shifts of an iCalendar file, event by event: whose, from when to when, and who is on it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from commandcenter.domain.calendar import YEARS
from commandcenter.domain.rosters import LONGEST, Shift
from commandcenter.domain.text import clean
from commandcenter.operations.shift_rules import RuleRefused, Span, occurrences
from commandcenter.server.errors import HttpProblem

FILE_MOST = 24_000_000  # bytes, about a hundred thousand events
_BROKEN = "Cannot be read."
_ZONE = re.compile(r'TZID="?([^";:\r]+)')


@dataclass(frozen=True, slots=True)
class ShiftEvent:
    """An event of the file: the line at which it begins, what names its crew, its shifts, and the people on it."""

    line: int
    uid: str
    summary: str
    location: str
    shifts: tuple[Shift, ...]
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Event:
    """An event as the library read it. Times without a zone are in `zone`."""

    line: int
    fields: Any
    zone: tzinfo

    def refuse(self, code: str, field: str = "") -> HttpProblem:
        """Returns why the file is refused, with the line of this event."""
        return HttpProblem(422, code, _BROKEN, about=f"{at_line(self.line)} {field}".strip())

    def text(self, name: str) -> str:
        """Returns the text of a field; "" without one."""
        value = self.fields.get(name, "")
        return clean(str(value[0] if isinstance(value, list) else value)).strip()

    def values(self, name: str) -> list[Any]:
        """Returns all values of a field that may be given several times."""
        value = self.fields.get(name, [])
        return value if isinstance(value, list) else [value]

    def moment(self, name: str) -> datetime | None:
        """Returns the moment of a field in the zone in which it is written; a day is its first moment."""
        found = self.values(name)
        if len(found) > 1:
            raise self.refuse("bad_event", name)
        return self.at(found[0], name) if found else None

    def at(self, value: Any, name: str) -> datetime:
        """Returns the moment of one value of the field `name`."""
        at = value.dt
        if not isinstance(at, date) or at.year not in YEARS:
            raise self.refuse("bad_event", name)
        if not isinstance(at, datetime):
            return datetime(at.year, at.month, at.day, tzinfo=self.zone)
        if at.tzinfo is None and "TZID" in value.params:
            raise self.refuse("unknown_zone", str(value.params["TZID"]))
        return at if at.tzinfo is not None else at.replace(tzinfo=self.zone)


def read_shifts(content: bytes, zone: tzinfo, span: Span) -> list[ShiftEvent]:
    """Returns the events of an iCalendar file; times without a zone are in `zone`.

    Repeated shifts are those within `span`, all others are taken whenever they are. Raises HttpProblem 422 for a file
    that is refused, with the line of the event.
    """
    check_size(len(content))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise HttpProblem(422, "not_utf8", _BROKEN, about=at_line(content.count(b"\n", 0, wrong.start) + 1)) from wrong
    events = list(_events(text, zone))
    moved = _moved(events)
    found = [_shifts(event, span, moved) for event in events if event.text("STATUS").upper() != "CANCELLED"]
    if not any(one.shifts for one in found):
        raise HttpProblem(422, "no_shifts", _BROKEN)
    return found


def check_size(size: int) -> None:
    """Raises HttpProblem 422 for a file of more bytes than are read."""
    if size > FILE_MOST:
        raise HttpProblem(422, "file_too_large", _BROKEN, about=f"{size:,} > {FILE_MOST:,}")


def at_line(*lines: int) -> str:
    """Returns where something stands in a file, in both languages: "第 3、8 行 lines 3, 8"."""
    numbers = sorted(set(lines))
    said = "line" if len(numbers) == 1 else "lines"
    return f"第 {'、'.join(map(str, numbers))} 行 {said} {', '.join(map(str, numbers))}"


def _events(text: str, zone: tzinfo) -> Iterator[_Event]:
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, AttributeError, TypeError) as wrong:  # of what is damaged the library says it in each way
        raise HttpProblem(422, "not_a_calendar", _BROKEN) from wrong
    except (OSError, KeyError) as wrong:  # zones are files to the library, and their names paths
        raise HttpProblem(422, "unknown_zone", _BROKEN, about=_unreadable_zone(text)) from wrong
    if not calendars or any(one.name != "VCALENDAR" for one in calendars):
        raise HttpProblem(422, "not_a_calendar", _BROKEN)
    lines = [at for at, line in enumerate(text.split("\n"), 1) if line.strip().upper() == "BEGIN:VEVENT"]
    read = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if len(read) != len(lines):
        raise HttpProblem(422, "not_a_calendar", _BROKEN)
    for line, fields in zip(lines, read, strict=True):
        event = _Event(line, fields, zone)
        if fields.errors:
            raise event.refuse("bad_event", str(fields.errors[0][0] or ""))
        yield event


def _unreadable_zone(text: str) -> str:
    """Returns the line and name of the first zone in the file whose name is the path of no file; "" if none is seen."""
    for at, line in enumerate(text.split("\n"), 1):
        for name in _ZONE.findall(line):
            try:
                ZoneInfo(name)
            except OSError:
                return f"{at_line(at)} {name}"[:120]
            except (KeyError, ValueError):
                continue  # may be a zone that the file itself describes
    return ""


def _moved(events: Iterable[_Event]) -> dict[str, set[datetime]]:
    """Returns by UID the repetitions that another event of the file replaces or cancels."""
    found: dict[str, set[datetime]] = {}
    for event in events:
        at = event.moment("RECURRENCE-ID")
        if at is not None:
            found.setdefault(event.text("UID"), set()).add(at)
            if "RANGE" in event.fields["RECURRENCE-ID"].params:
                raise event.refuse("bad_event", "RANGE")
    return found


def _shifts(event: _Event, span: Span, moved: dict[str, set[datetime]]) -> ShiftEvent:
    starts = event.moment("DTSTART")
    if starts is None:
        raise event.refuse("bad_event", "DTSTART")
    lasts = _length(event, starts)
    is_moved = event.moment("RECURRENCE-ID") is not None
    begun = [starts] if is_moved else list(_starts(event, starts, span, moved.get(event.text("UID"), set())))
    shifts = tuple(Shift(at, at + lasts) for at in sorted(one.astimezone(UTC) for one in begun))
    if is_moved or _repeats(event):
        shifts = tuple(one for one in shifts if one.ends > span.since)
    told = ShiftEvent(event.line, event.text("UID"), event.text("SUMMARY"), event.text("LOCATION"), shifts)
    return replace(told, members=_members(event.values("ATTENDEE")))


def _length(event: _Event, starts: datetime) -> timedelta:
    """Returns how long the event lasts: to its end, as long as it says, or one day."""
    ends, lasts = event.moment("DTEND"), event.values("DURATION")
    if ends is None and not lasts and isinstance(event.fields["DTSTART"].dt, datetime):
        raise event.refuse("bad_event", "DTEND")
    if ends is None:
        length = lasts[0].dt if lasts else timedelta(days=1)
    else:
        length = ends.astimezone(UTC) - starts.astimezone(UTC)
    if not isinstance(length, timedelta):
        raise event.refuse("bad_event", "DURATION")
    if length <= timedelta():
        raise event.refuse("shift_backwards")
    if length > LONGEST:
        raise event.refuse("shift_too_long")
    return length


def _repeats(event: _Event) -> bool:
    return bool(event.values("RRULE"))


def _starts(event: _Event, starts: datetime, span: Span, moved: set[datetime]) -> Iterator[datetime]:
    """Yields the beginnings of all shifts of the event, without those that it leaves out."""
    listed = {starts, *_listed(event, "RDATE")}
    try:
        for rule in event.values("RRULE"):
            listed |= set(occurrences(rule, starts, span.until))
    except RuleRefused as wrong:
        raise event.refuse(str(wrong), "RRULE") from wrong
    out = {*_listed(event, "EXDATE"), *moved}
    days = {one.date() for one in _days(event, "EXDATE")}
    yield from (one for one in listed if one not in out and one.astimezone(starts.tzinfo).date() not in days)


def _listed(event: _Event, name: str) -> Iterator[datetime]:
    for given in event.values(name):
        for one in given.dts:
            one.params.update(given.params)
            yield event.at(one, name)


def _days(event: _Event, name: str) -> Iterator[datetime]:
    """Yields the days of a list that names whole days."""
    for given in event.values(name):
        yield from (event.at(one, name) for one in given.dts if not isinstance(one.dt, datetime))


def _members(attendees: Sequence[Any]) -> tuple[str, ...]:
    named = (clean(str(one.params.get("CN", ""))).strip() for one in attendees)
    return tuple(dict.fromkeys(name for name in named if name))
