"""Applies facts: records evolve, their rows are written, and the log gets one entry under the next sequence number."""

from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from commandcenter.domain.decisions import evolve
from commandcenter.domain.facts import Fact, on_behalf, records_of
from commandcenter.domain.fields import names_of
from commandcenter.domain.people import Holder, Person
from commandcenter.domain.records import KINDS, Record, kind_of, ref_text
from commandcenter.domain.visibility import audience
from commandcenter.protocol.messages import Result
from commandcenter.protocol.statuses import Status
from commandcenter.server.auth import roles
from commandcenter.server.command_pipeline.view import TablesView
from commandcenter.server.storage import event_log, steps
from commandcenter.server.storage.projections import store
from commandcenter.server.storage.steps import ActContext


def apply_facts(
    connection: Connection,
    view: TablesView,
    facts: tuple[Fact, ...],
    person: Person,
    act: ActContext,
    *,
    cmd_id: str,
    hand: Person | None = None,
) -> Result:
    """Applies `facts`, which `act` made, in one log entry and returns the result; without facts nothing is written.

    `hand` is who acted in the place of `person`, if somebody did.
    """
    if not facts:
        return Result(cmd_id=cmd_id, status=Status.APPLIED)
    touched: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts if hand is None else on_behalf(facts, hand.user):
        for ref in records_of(fact):
            touched.setdefault(ref, []).append(fact)
    district = person.scope.district
    parts = tuple(_part(connection, district, view.stored(*ref), happened, act) for ref, happened in touched.items())
    seq = event_log.next_seq(connection, district)
    actor, behalf = (person.user, None) if hand is None else (hand.user, person.user)
    entry = event_log.LogEntry(
        seq=seq, at=act.at, actor=actor, cmd_id=cmd_id, parts=parts, on_behalf_of=behalf, role=act.role
    )
    event_log.append(connection, district, entry)
    revs = {ref_text(part.kind, part.id): part.rev for part in parts}
    return Result(cmd_id=cmd_id, status=Status.APPLIED, seq=seq, revs=revs)


def changed_fields(before: Record | None, after: Record) -> str:
    """Returns the names of the fields that differ, joined by spaces; event_log.NEW for a new record."""
    if before is None:
        return event_log.NEW
    shape: Any = type(after)
    names, values_of = _content(shape)
    pairs = zip(names, values_of(before), values_of(after), strict=True)
    return " ".join([name for name, was, now in pairs if was is not now and was != now])


@cache
def _content(shape: Any) -> tuple[tuple[str, ...], Callable[[Record], tuple[object, ...]]]:
    """Returns the names of the fields that make up a record's content, and what reads them all at once."""
    names = tuple(name for name in names_of(shape) if name not in ("rev", "pinned"))
    return names, attrgetter(*names)


def write_record(
    connection: Connection,
    district: str,
    before: Record | None,
    after: Record,
    facts: Sequence[Fact] = (),
    *,
    acted_at: float | None = None,
) -> event_log.RecordChange:
    """Writes `after` in place of `before`, which `facts` changed, and returns the change for the log."""
    if isinstance(before, Holder):
        roles.note_team_moved(connection, district, before.id)
    return event_log.RecordChange(
        kind=kind_of(after),
        id=after.id,
        rev=after.rev,
        changed=changed_fields(before, after),
        was=audience(before),
        now=audience(after),
        facts=event_log.encode_facts(facts),
        after=store(connection, district, after, before=before),
        acted_at=acted_at,
    )


def _part(
    connection: Connection, district: str, before: Record | None, happened: Sequence[Fact], act: ActContext
) -> event_log.RecordChange:
    after, trail = before, []
    for fact in happened:
        was, after = after, evolve(after, fact)
        trail.append((fact, was, after))
    assert after is not None
    has_steps = KINDS[kind_of(after)].has_steps
    acted_at = steps.append(connection, district, trail, act) if has_steps else None
    return write_record(connection, district, before, after, happened, acted_at=acted_at)
