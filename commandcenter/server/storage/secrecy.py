"""Applies secrecy (domain.secrecy) to stored records and facts wherever they leave the platform."""

from collections.abc import Iterable

from msgspec import Raw
from msgspec.structs import replace
from sqlalchemy import ColumnElement, String, and_, cast, func, literal, true
from sqlalchemy.sql.expression import not_

from commandcenter.domain.cases import Case
from commandcenter.domain.people import TAKERS, Person
from commandcenter.domain.records import KINDS, Record, is_live, kind_of
from commandcenter.domain.secrecy import may_read, readable_by, reads_all
from commandcenter.domain.visibility import sees
from commandcenter.protocol.codec import (
    FactEnvelope,
    RecordEnvelope,
    decode,
    encode,
    fact_envelope,
    read_facts,
    read_record,
    record_bytes,
    record_envelope,
)
from commandcenter.protocol.messages import Result
from commandcenter.server.storage.tables import cases

_MARK = b'"secret":true'  # as the codec writes it; inside a text its quotation marks are escaped
_IS_SECRET = func.instr(cases.c.body, literal(_MARK)) > 0
_TAKEN_BY = func.json_extract(cast(cases.c.body, String), "$.taken_by")


def is_secret(body: bytes) -> bool:
    """Returns whether the record or the facts in `body` are of a case whose petitioner asked for secrecy.

    It searches the stored bytes, so that all other records are passed on without being decoded.
    """
    return _MARK in body


def body_readable_by(person: Person, body: bytes) -> bytes:
    """Returns the stored case `body` as `person` may read it."""
    return record_bytes(readable_by(person, read_record("case", body))) if is_secret(body) else body


def result_readable_by(person: Person, result: Result, now: Record) -> Result:
    """Returns a stored command result as `person` may read it today; `now` is the record as it is today."""
    current = result.current
    if current is None or _reads_whole(person, now):
        return result
    shown = readable_by(person, read_record(current.kind, current.record))
    since = facts_readable_by(person, now, result.since)
    return replace(result, current=edited_envelope(current.kind, record_bytes(shown)), since=since)


def facts_readable_by(person: Person, record: Record, said: Iterable[FactEnvelope]) -> tuple[FactEnvelope, ...]:
    """Returns facts about `record` in their envelopes, as `person` may read them."""
    if _reads_whole(person, record):
        return tuple(said)
    if isinstance(record, Case):
        return withheld_facts(said)
    return tuple(FactEnvelope(one.type, _without_reports(kind_of(record), one.fact)) for one in said)


def envelope_readable_by(person: Person, record: Record) -> RecordEnvelope:
    """Returns a record in its envelope as `person` may read it: of a crew that they do not see, as it is edited."""
    if _reads_whole(person, record):
        return record_envelope(record)
    return edited_envelope(kind_of(record), record_bytes(readable_by(person, record)))


def _reads_whole(person: Person, record: Record) -> bool:
    return may_read(person, record) if isinstance(record, Case) else sees(person, record)


def edited_envelope(kind: str, body: bytes) -> RecordEnvelope:
    """Returns a stored record in its envelope as it is edited: administrators see no crew at work."""
    return RecordEnvelope(kind, _without_reports(kind, body))


def _without_reports(kind: str, body: bytes | Raw) -> Raw:
    """Returns a record, or a fact with one as its content, without what a live one does at the moment."""
    hidden = KINDS[kind].of_work if is_live(kind) else ()
    shown = {name: value for name, value in decode(bytes(body), dict[str, Raw]).items() if name not in hidden}
    return Raw(encode(shown | {name: _without_reports(kind, shown[name]) for name in shown.keys() & {"content"}}))


def withheld_facts(said: Iterable[FactEnvelope]) -> tuple[FactEnvelope, ...]:
    """Returns facts about a case without what its petitioner said."""
    return tuple(fact_envelope(fact.withheld()) for fact in read_facts(said))


def withheld_stored_facts(facts: bytes) -> bytes:
    """Returns the stored facts about a case without what its petitioner said."""
    return encode(withheld_facts(decode(facts, list[FactEnvelope])))


def readable_filter(person: Person) -> ColumnElement[bool]:
    """Returns the condition that selects, among the cases that `person` sees, those of which they may read all."""
    if reads_all(person):
        return true()
    holder = person.scope.holder
    by_others = true() if holder is None else cases.c.responsible.is_distinct_from(holder)
    taken_by_others = _TAKEN_BY.is_distinct_from(person.user) if person.role in TAKERS else true()
    return not_(and_(_IS_SECRET, taken_by_others, by_others))
