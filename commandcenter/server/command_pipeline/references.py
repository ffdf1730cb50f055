"""Checks the reference records that another system sends: their number, lengths, values and scope."""

from collections.abc import Sequence

from sqlalchemy import Connection

from commandcenter.domain.people import Person, Scope
from commandcenter.domain.records import KINDS, Record, Ref, is_live, kind_of, ref_of
from commandcenter.domain.soundness import cleaned, unsound
from commandcenter.domain.text import NAME_MOST
from commandcenter.protocol.codec import RecordEnvelope, read_record
from commandcenter.protocol.limits import REFERENCES_MOST
from commandcenter.server.errors import HttpProblem
from commandcenter.server.identifiers import is_valid_id
from commandcenter.server.storage.projections import find

_TITLES = {
    "bad_limit": "No case could be filed under that limit or calendar.",
    "bad_stay": "A status of a crew has a warning before its alarm, both within a day.",
    "bad_value": "A revision, a moment or a position in a reference record is none.",
    "too_long": f"A text of a reference record has at most {NAME_MOST} characters, a list as many entries.",
}


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
    refusal = unsound(record)
    if refusal is not None:
        title = _TITLES.get(refusal.code, "A reference record is none that can be.")
        raise HttpProblem(422, refusal.code, title, about=refusal.about)
    return cleaned(record)


def _check_scope(connection: Connection, record: Record, there: dict[Ref, Record], scope: Scope) -> None:
    """Raises HttpProblem 422 for a record beyond `scope`, or one of another that `there` would take away from it.

    A known one that is not live stays as it is, whoever names it, and is not refused.
    """
    before = find(connection, scope.district, *ref_of(record))
    if before is not None and not is_live(kind_of(record)):
        return
    is_inside = all(_lies_in(one, scope) for one in (record, before) if one is not None)
    body = _named_by(record, KINDS[kind_of(record)].holder)
    if is_inside and body is not None:
        holder = find(connection, scope.district, "holder", body) or there.get(("holder", body))
        is_inside = holder is not None and _lies_in(holder, scope)
    if not is_inside:
        raise HttpProblem(
            422, "other_street", "That reference record lies beyond this account's scope.", about=record.id
        )


def _lies_in(record: Record, scope: Scope) -> bool:
    """Returns whether the record belongs to the street (and holder) of `scope`; what all streets share does not."""
    kind = KINDS[kind_of(record)]
    if scope.holder is not None and _named_by(record, kind.holder) != scope.holder:
        return False
    return scope.street in (None, _named_by(record, kind.street))


def _named_by(record: Record, field: str) -> str | None:
    return getattr(record, field) if field else None
