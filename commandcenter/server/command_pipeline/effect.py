"""Applies facts: records evolve, their rows are written, and the log gets one entry under the next sequence number."""

from dataclasses import fields
from datetime import datetime

from sqlalchemy import Connection

from commandcenter.domain.decisions import View, evolve
from commandcenter.domain.facts import Fact, on_behalf, records_of
from commandcenter.domain.people import Person
from commandcenter.domain.records import Record, ref_text
from commandcenter.protocol.messages import Result
from commandcenter.protocol.statuses import Status
from commandcenter.server.storage import event_log
from commandcenter.server.storage.projections import place_of, store


def apply_facts(
    connection: Connection,
    view: View,
    facts: tuple[Fact, ...],
    person: Person,
    now: datetime,
    *,
    cmd_id: str,
    hand: Person | None = None,
) -> Result:
    """Applies `facts` in one log entry and returns the result; without facts nothing is written.

    `hand` is who acted in the place of `person`, if somebody did.
    """
    if not facts:
        return Result(cmd_id=cmd_id, status=Status.APPLIED)
    touched: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts if hand is None else on_behalf(facts, hand.user):
        for ref in records_of(fact):
            touched.setdefault(ref, []).append(fact)
    parts = tuple(_part(connection, view, person, *key, happened) for key, happened in touched.items())
    seq = event_log.next_seq(connection, person.scope.district)
    actor, behalf = (person.user, None) if hand is None else (hand.user, person.user)
    entry = event_log.LogEntry(seq=seq, at=now, actor=actor, cmd_id=cmd_id, parts=parts, on_behalf_of=behalf)
    event_log.append(connection, person.scope.district, entry)
    revs = {ref_text(part.kind, part.id): part.rev for part in parts}
    return Result(cmd_id=cmd_id, status=Status.APPLIED, seq=seq, revs=revs)


def changed_fields(before: Record | None, after: Record) -> str:
    """Returns the names of the fields that differ, joined by spaces; event_log.NEW for a new record."""
    if before is None:
        return event_log.NEW
    names = (field.name for field in fields(after) if field.name != "rev")
    return " ".join(name for name in names if getattr(before, name) != getattr(after, name))


def _part(
    connection: Connection, view: View, person: Person, kind: str, key: str, happened: list[Fact]
) -> event_log.RecordChange:
    before = after = view.find(kind, key)
    for fact in happened:
        after = evolve(after, fact)
    assert after is not None
    return event_log.RecordChange(
        kind=kind,
        id=key,
        rev=after.rev,
        changed=changed_fields(before, after),
        was=place_of(before),
        now=place_of(after),
        facts=event_log.encode_facts(happened),
        after=store(connection, person.scope.district, after, before=before),
    )
