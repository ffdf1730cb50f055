"""Checks the values of reference records, whoever gives them: an administrator, or another system."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any, TypeVar, cast
from zoneinfo import available_timezones

from commandcenter.domain.calendar import YEARS, Calendar
from commandcenter.domain.decisions import Refused
from commandcenter.domain.kinds import Kind
from commandcenter.domain.places import District, Spot
from commandcenter.domain.records import Record
from commandcenter.domain.reference import Reference
from commandcenter.domain.text import NAME_MOST, clean

R = TypeVar("R")
_REVISION_MOST = 1_000_000_000
_LIMIT_MOST = 10_000  # in the limit's own unit: forty years of working days


def unsound(record: Record) -> Refused | None:
    """Refuses the first value that no record can have: a limit, a moment, a position, a revision or a long text."""
    long = next((name for name, size in _sizes(record) if size > NAME_MOST), None)
    if long is not None:  # first: a rule that reads a text may take long over a long one
        return Refused("too_long", f"{record.id}.{long}")
    if not _can_be_counted_by(record):
        return Refused("bad_limit", record.id)
    if isinstance(record, District) and not _has_clock_and_numbers(record):
        return Refused("bad_district", record.id)
    if isinstance(record, Reference) and record.flaw:
        return Refused(record.flaw, record.id)
    wrong = next((name for name, value in _values(record) if not _is_sound(value)), None)
    if wrong is not None or not 0 < record.rev <= _REVISION_MOST:
        return Refused("bad_value", f"{record.id}.{wrong or 'rev'}")
    return None


def cleaned(value: R) -> R:
    """Returns a record, or a value in it, without invisible characters."""
    if isinstance(value, str):
        return cast(R, clean(value))
    if isinstance(value, tuple):
        return cast(R, tuple(map(cleaned, value)))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return cast(R, replace(value, **{name: cleaned(current) for name, current in _values(value)}))


def _can_be_counted_by(record: Record) -> bool:
    """Returns whether deadlines can be counted by a limit or calendar; True for any other record.

    A limit has to be within reason, and a calendar needs working hours, none of them twice, in a time zone that exists.
    """
    if isinstance(record, Kind):
        return 0 < record.limit.amount <= _LIMIT_MOST
    if isinstance(record, Calendar):
        spans = sorted((one.weekday, one.start, one.end) for one in record.hours)
        in_order = all(0 <= day < 7 and 0 <= start < end <= 1440 for day, start, end in spans)
        are_apart = all(one[:1] != other[:1] or one[2] <= other[1] for one, other in pairwise(spans))
        return bool(spans) and in_order and are_apart and record.zone in available_timezones()
    return True


def _has_clock_and_numbers(district: District) -> bool:
    """Returns whether the district has a name, a prefix of letters and digits, and a time zone that exists."""
    return bool(district.name) and district.prefix.isalnum() and district.zone in available_timezones()


def _is_sound(value: Any) -> bool:
    """Returns whether a time has a zone and a plausible year, and a position is on the earth; True for other values."""
    if isinstance(value, datetime):
        return value.tzinfo is not None and value.year in YEARS
    if isinstance(value, date):
        return value.year in YEARS
    return not isinstance(value, Spot) or value.is_on_earth


def _values(record: Any) -> Iterator[tuple[str, Any]]:
    return ((field.name, getattr(record, field.name)) for field in fields(record))


def _sizes(value: Any) -> Iterator[tuple[str, int]]:
    """Yields (field, size) of each text and each list in a record, however deep."""
    for name, current in _values(value):
        parts = current if isinstance(current, (tuple, frozenset)) else (current,)
        if parts is current:
            yield name, len(parts)
        for part in parts:
            if isinstance(part, str):
                yield name, len(part)
            elif is_dataclass(part):
                yield from _sizes(part)
