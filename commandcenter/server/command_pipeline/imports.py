"""Imports rows of another system, one by one through the same steps as every command."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from commandcenter.domain.commands import Import
from commandcenter.domain.people import Person
from commandcenter.protocol.codec import RecordEnvelope, Unreadable, read_command
from commandcenter.protocol.imports import ImportResult, ImportResults
from commandcenter.protocol.limits import ABOUT_MOST
from commandcenter.protocol.messages import Result
from commandcenter.protocol.statuses import Status
from commandcenter.server.command_pipeline.districts import PutResult, bring_reference
from commandcenter.server.command_pipeline.identities import with_site_ids
from commandcenter.server.command_pipeline.pipeline import perform
from commandcenter.server.command_pipeline.references import read_reference
from commandcenter.server.identifiers import form_refusal
from commandcenter.server.storage.site_key import SiteKey


def import_batch(
    connection: Connection,
    reference: Sequence[RecordEnvelope],
    rows: Sequence[msgspec.Raw],
    person: Person,
    now: datetime,
    *,
    new_id: Callable[[], str],
    site: SiteKey,
) -> ImportResults:
    """Puts in reference records and crews, then imports each row; what is refused does not affect the others.

    Raises HttpProblem 422 for an invalid reference record, Unreadable for one that cannot be decoded.
    """
    records = read_reference(connection, reference, person)
    put = bring_reference(connection, person, records, now=now) if records else PutResult(0, 0, 0)
    results = tuple(import_row(connection, row, person, now, cmd_id=new_id(), site=site) for row in rows)
    return ImportResults(reference=put.counts, results=results, not_taken=put.not_taken)


def import_row(
    connection: Connection, row: msgspec.Raw | bytes, person: Person, now: datetime, *, cmd_id: str, site: SiteKey
) -> ImportResult:
    """Imports one row: the arguments of an `import` command as JSON."""
    try:
        command = read_command("import", row)
    except Unreadable as wrong:
        return ImportResult(status="refused", code="unreadable", about=str(wrong)[:ABOUT_MOST])
    assert isinstance(command, Import)
    no = form_refusal(command)
    if no is not None:
        return ImportResult(status="refused", external=command.external[:80], code=no.code, about=no.about)
    known = with_site_ids(connection, command, person, site)
    assert isinstance(known, Import)
    return import_case(connection, known, person, now, cmd_id=cmd_id)


def import_case(connection: Connection, command: Import, person: Person, now: datetime, *, cmd_id: str) -> ImportResult:
    """Imports one case under its id in this hall; a case that the hall has begun to work on stays as it is."""
    result = perform(connection, command, person, now, cmd_id=cmd_id, bases={})
    said = {"code": result.code, "about": result.about}
    return ImportResult(status=_fate_of(result), case=command.case, external=command.external, **said)


def _fate_of(result: Result) -> str:
    """Returns what became of an imported row, which changes one record: new, changed, unchanged or refused."""
    if result.status != Status.APPLIED:
        return "refused"
    if result.seq is None:
        return "unchanged"
    return "new" if 1 in result.revs.values() else "changed"
