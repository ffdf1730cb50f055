"""Checks the reference records that another system sends: their number, lengths, values and scope."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar, cast
from zoneinfo import available_timezones

from sqlalchemy import Connection

from commandcenter.domain.calendar import YEARS, Calendar
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Holder, Person, Scope
from commandcenter.domain.places import Spot, Street
from commandcenter.domain.records import KINDS, Record, Ref, is_live, kind_of, ref_of
from commandcenter.domain.teams import Crew
from commandcenter.domain.text import NAME_MOST, clean
from commandcenter.protocol.codec import RecordEnvelope, read_record
from commandcenter.protocol.limits import REFERENCES_MOST
from commandcenter.server.errors import HttpProblem
from commandcenter.server.identifiers import is_valid_id
from commandcenter.server.storage.projections import find

R = TypeVar("R")
_REVISION_MOST = 1_000_000_000
_LIMIT_MOST = 10_000  # in the limit's own unit: forty years of working days


def read_reference(connection: Connection, reference: Sequence[RecordEnvelope], person: Person) -> list[Record]:
    """Returns the decoded records, all of which `person` may write.

    Raises HttpProblem 422 for too many records or for the first invalid one, Unreadable for one that cannot be decoded.
    """
    if len(reference) > REFERENCES_MOST:
        title = f"At most {REFERENCES_MOST} reference records can be put in at once."
        raise HttpProblem(422, "too_many", title, about="reference")
    records = [_read(kept) for kept in reference]
    scope = person.scope
    if scope.street is not None or scope.holder is not None:
        there = {ref_of(record): record for record in records}
        for record in records:
            _check_scope(connection, record, there, scope)
    return records


def _read(kept: RecordEnvelope) -> Record:
    record = read_record(kept.kind, kept.record)
    if not KINDS[kept.kind].is_supplied or not is_valid_id(record.id):
        raise HttpProblem(422, "not_reference", "Only reference records and crews can be put in.", about=kept.kind)
    if not _can_be_counted_by(record):
        raise HttpProblem(422, "bad_limit", "No case could be filed under that limit or calendar.", about=record.id)
    wrong = next((name for name, value in _values(record) if not _is_sound(value)), None)
    if wrong is not None or not 0 < record.rev <= _REVISION_MOST:
        title = "A revision, a moment or a position in a reference record is none."
        raise HttpProblem(422, "bad_value", title, about=f"{record.id}.{wrong or 'rev'}")
    long = next((name for name, size in _sizes(record) if size > NAME_MOST), None)
    if long is not None:
        title = f"A text of a reference record has at most {NAME_MOST} characters, a list as many entries."
        raise HttpProblem(422, "too_long", title, about=f"{record.id}.{long}")
    return _cleaned(record)


def _check_scope(connection: Connection, record: Record, there: dict[Ref, Record], scope: Scope) -> None:
    """An account with a street or holder may write what belongs to it, and takes nothing away from another.

    Existing records are not changed unless they are live, so naming them is allowed.
    """
    before = find(connection, scope.district, *ref_of(record))
    if before is not None and not is_live(kind_of(record)):
        return
    is_inside = all(_lies_in(one, scope) for one in (record, before) if one is not None)
    if is_inside and isinstance(record, Crew):
        unit = find(connection, scope.district, "holder", record.unit) or there.get(("holder", record.unit))
        is_inside = unit is not None and _lies_in(unit, scope)
    if not is_inside:
        raise HttpProblem(
            422, "other_street", "That reference record lies beyond this account's scope.", about=record.id
        )


def _lies_in(record: Record, scope: Scope) -> bool:
    """Returns whether the record belongs to the street (and holder) of `scope`; what all streets share does not."""
    if scope.holder is not None and _holder_of(record) != scope.holder:
        return False
    street = record.id if isinstance(record, Street) else getattr(record, "street", None)
    return scope.street in (None, street)


def _holder_of(record: Record) -> str | None:
    if isinstance(record, Crew):
        return record.unit
    return record.id if isinstance(record, Holder) else None


def _can_be_counted_by(record: Record) -> bool:
    """Returns whether deadlines can be counted by a limit or calendar; True for any other record.

    A limit has to be within reason, and a calendar needs working hours in a time zone that exists.
    """
    if isinstance(record, Kind):
        return 0 < record.limit.amount <= _LIMIT_MOST
    if isinstance(record, Calendar):
        in_order = all(0 <= one.weekday < 7 and 0 <= one.start < one.end <= 1440 for one in record.hours)
        return bool(record.hours) and in_order and record.zone in available_timezones()
    return True


def _is_sound(value: Any) -> bool:
    """Returns whether a time has a zone and a plausible year, and a position is on the earth; True for other values."""
    if isinstance(value, datetime):
        return value.tzinfo is not None and value.year in YEARS
    if isinstance(value, date):
        return value.year in YEARS
    return not isinstance(value, Spot) or value.is_on_earth


def _cleaned(value: R) -> R:
    """Returns a record, or a value in it, without invisible characters."""
    if isinstance(value, str):
        return cast(R, clean(value))
    if isinstance(value, tuple):
        return cast(R, tuple(map(_cleaned, value)))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return cast(R, replace(value, **{name: _cleaned(current) for name, current in _values(value)}))


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
