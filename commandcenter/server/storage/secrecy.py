"""Applies secrecy (domain.secrecy) to stored records and facts wherever they leave the platform."""

from collections.abc import Iterable

from msgspec.structs import replace
from sqlalchemy import ColumnElement, String, and_, cast, func, literal, true
from sqlalchemy.sql.expression import not_

from commandcenter.domain.cases import Case
from commandcenter.domain.people import TAKERS, Person
from commandcenter.domain.records import Record
from commandcenter.domain.secrecy import fact_withheld, may_read, readable_by, reads_all
from commandcenter.protocol.codec import (
    FactEnvelope,
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
    if current is None or not isinstance(now, Case) or may_read(person, now):
        return result
    shown = readable_by(person, read_record(current.kind, current.record))
    return replace(result, current=record_envelope(shown), since=withheld_facts(result.since))


def facts_readable_by(person: Person, record: Record, said: Iterable[FactEnvelope]) -> tuple[FactEnvelope, ...]:
    """Returns facts about `record` in their envelopes, as `person` may read them."""
    is_hidden = isinstance(record, Case) and not may_read(person, record)
    return withheld_facts(said) if is_hidden else tuple(said)


def withheld_facts(said: Iterable[FactEnvelope]) -> tuple[FactEnvelope, ...]:
    """Returns facts about a case without what its petitioner said."""
    return tuple(fact_envelope(fact_withheld(fact)) for fact in read_facts(said))


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
