"""Rows of another system, one by one through the same way as every command."""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import available_timezones

import msgspec
from sqlalchemy import Connection

from commandcenter.domain.calendar import Calendar
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Import
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Person
from commandcenter.domain.records import Record
from commandcenter.protocol.codec import Kept, Unreadable, read_command, read_record
from commandcenter.server.handling.districts import put_reference
from commandcenter.server.handling.handle import perform
from commandcenter.server.handling.identities import identified
from commandcenter.server.keeping import projections
from commandcenter.server.keeping.site_key import SiteKey
from commandcenter.server.names import is_plain, unfit
from commandcenter.server.trouble import Trouble

_NOT_REFERENCE = frozenset({"case", "district"})
_LIMIT_MOST = 10_000  # of whatever a limit counts: working days make forty years of it


class ImportResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a row: status new, changed, unchanged or refused, then with a code."""

    status: str
    case: str = ""
    external: str = ""
    code: str | None = None
    about: str | None = None


class ImportResults(msgspec.Struct, frozen=True):
    """What became of the reference records by count, and of each row in its order."""

    reference: dict[str, int]
    results: tuple[ImportResult, ...]


def take_over(
    connection: Connection,
    reference: Sequence[Kept],
    rows: Sequence[msgspec.Raw],
    person: Person,
    now: datetime,
    *,
    new_id: Callable[[], str],
    site: SiteKey,
) -> ImportResults:
    """Put in the reference records that are missing, then each row; a refused row leaves the others alone."""
    records = []
    for kept in reference:
        record = read_record(kept.kind, kept.record)
        if kept.kind in _NOT_REFERENCE or not is_plain(record.id):
            raise Trouble(422, "not_reference", "Only reference records and crews can be put in.", about=kept.kind)
        if not _can_be_counted_by(record):
            raise Trouble(422, "bad_limit", "No case could be filed under that limit or calendar.", about=record.id)
        records.append(record)
    put = put_reference(connection, person.scope.district, records, now=now, actor=person.user, keep=True)
    counts = {"new": put.new, "changed": put.changed, "unchanged": put.unchanged}
    results = tuple(take_row(connection, row, person, now, cmd_id=new_id(), site=site) for row in rows)
    return ImportResults(reference=counts, results=results)


def take_row(
    connection: Connection, row: msgspec.Raw | bytes, person: Person, now: datetime, *, cmd_id: str, site: SiteKey
) -> ImportResult:
    """One row: the arguments of an `import` command."""
    try:
        command = read_command("import", row)
    except Unreadable as wrong:
        return ImportResult(status="refused", code="unreadable", about=str(wrong)[:300])
    assert isinstance(command, Import)
    no = unfit(command)
    if no is not None:
        return ImportResult(status="refused", external=command.external[:80], code=no.code, about=no.about)
    known = identified(connection, command, person, site)
    assert isinstance(known, Import)
    return import_case(connection, known, person, now, cmd_id=cmd_id)


def import_case(connection: Connection, command: Import, person: Person, now: datetime, *, cmd_id: str) -> ImportResult:
    """One case of another system, under the id that it has here; what the hall has begun to work on stays as it is."""
    before = projections.find(connection, person.scope.district, "case", command.case)
    result = perform(connection, command, person, now, cmd_id=cmd_id, bases={})
    said = {"case": command.case, "external": command.external}
    if result.status != "applied":
        return ImportResult(status="refused", code=result.code, about=result.about, **said)
    if result.seq is None:
        return ImportResult(status="unchanged", **said)
    return ImportResult(status="changed" if isinstance(before, Case) else "new", **said)


def _can_be_counted_by(record: Record) -> bool:
    """A limit within reason, a week with working hours in a zone that there is; any other record can."""
    if isinstance(record, Kind):
        return 0 < record.limit.amount <= _LIMIT_MOST
    if isinstance(record, Calendar):
        in_order = all(0 <= one.weekday < 7 and 0 <= one.start < one.end <= 1440 for one in record.hours)
        return bool(record.hours) and in_order and record.zone in available_timezones()
    return True
