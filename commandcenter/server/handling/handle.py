"""A command's way through the platform, synchronous and in one transaction: dedupe, dependency, guard, decide, evolve,
log, audit, the answer kept. The lane calls it in its thread; a simulator calls it inline.
"""

import logging
from datetime import datetime
from functools import partial
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import DBAPIError

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command, name_of, records_of
from commandcenter.domain.decide import Refused, decide
from commandcenter.domain.guards import guarded
from commandcenter.domain.people import Person
from commandcenter.domain.records import Record, kind_of
from commandcenter.domain.secrecy import readable_by
from commandcenter.protocol.codec import Kept, Unreadable, keep, read_command, read_record
from commandcenter.protocol.frames import Batch, Result, Results, Wish
from commandcenter.server.handling import adoptions, audit, dedupe
from commandcenter.server.handling.adoption import adopt
from commandcenter.server.handling.effect import carry_out
from commandcenter.server.handling.identities import identified
from commandcenter.server.handling.view import TablesView
from commandcenter.server.keeping import eventlog, vault
from commandcenter.server.keeping.cursor_tokens import CursorTokens, Issuer
from commandcenter.server.keeping.lineage import shared_revision
from commandcenter.server.keeping.prepared import Prepared
from commandcenter.server.keeping.projections import place_of
from commandcenter.server.keeping.site_key import SiteKey
from commandcenter.server.keeping.tables import districts
from commandcenter.server.names import unfit
from commandcenter.server.scope import sees
from commandcenter.server.secrecy import said_to, shown_again

_log = logging.getLogger(__name__)
_LOG = Prepared(select(districts.c.epoch, districts.c.head).where(districts.c.id == bindparam("d")))
_BEYOND_SCOPE = frozenset({"take", "import"})  # these make new ids, which may be taken where the person sees nothing


def answer(
    connection: Connection,
    batch: Batch,
    person: Person,
    now: datetime,
    site: SiteKey,
    tokens: CursorTokens | None = None,
) -> Results:
    """The answers to a batch, in its order, each command in a savepoint of its own; it stops at the first retry.

    With `tokens`, the last that had an effect bears the cursor token of its place in the log.
    """
    at = _LOG.run(connection, {"d": person.scope.district}).first()
    epoch = None if at is None else at.epoch
    if at is None or batch.epoch != epoch:
        return Results(tuple(Result(cmd_id=wish.cmd_id, status="wrong_epoch") for wish in batch.commands))
    results: list[Result] = []
    for wish in batch.commands:
        results.append(_alone(connection, wish, person, now, console=batch.console_id, epoch=epoch, site=site))
        if results[-1].status == "retry":
            break
    if tokens is not None:
        _confirm(connection, results, tokens.issuer(person.scope.district, at.epoch), head=at.head, now=now)
    return Results(tuple(results))


def handle(
    connection: Connection,
    wish: Wish,
    person: Person,
    now: datetime,
    *,
    console: str,
    epoch: int,
    site: SiteKey,
) -> Result:
    """What becomes of one command that `person` (as the accounts know them now) sent from `console` in `epoch`."""
    known = dedupe.find(connection, person.scope.district, wish.cmd_id)
    if known is not None:
        return _again(connection, known, wish, person, now)
    if wish.withdraw:
        result = _withdrawn(connection, wish, person, now)
    else:
        result = _first(connection, wish, person, now, epoch, site)
    if result.status != "retry":
        dedupe.keep(connection, person, wish, result, console=console, at=now)
    return result


def perform(
    connection: Connection,
    command: Command,
    person: Person,
    now: datetime,
    *,
    cmd_id: str,
    bases: dict[str, int],
    epoch: int = 0,
    hand: Person | None = None,
) -> Result:
    """Guard, decide, evolve, log and audit a command, without looking whether it was answered before.

    `epoch` is the present one, which the one that `bases` names may come before; `hand` acts in the place of `person`.
    """
    actor = hand or person
    name = name_of(command)
    view = TablesView(connection, person, beyond=name in _BEYOND_SCOPE)
    kind, key = records_of(command)[0]
    result = _conflict(connection, view.find(kind, key), command, person, bases, cmd_id, epoch, actor=actor)
    if result is None:
        decision = decide(view, command, person, now, hand=hand)
        if not isinstance(decision, Refused):
            decision = vault.put(connection, person.scope.district, command, at=now) or decision
        if isinstance(decision, Refused):
            result = Result(cmd_id=cmd_id, status="refused", code=decision.code, about=decision.about)
        else:
            result = carry_out(connection, view, decision, person, now, cmd_id=cmd_id, hand=hand)
    note = partial(audit.note, connection, actor, name, at=now, record=f"{kind}:{key}", cmd_id=cmd_id)
    note(outcome=result.code or result.status, on_behalf_of=None if hand is None else person.user)
    return result


def _confirm(connection: Connection, results: list[Result], issuer: Issuer, *, head: int, now: datetime) -> None:
    """What came behind `head` was done now; only what is answered once more has to be looked up."""
    effects = [(result.seq, at) for at, result in enumerate(results) if result.status == "applied" and result.seq]
    if not effects:
        return
    seq, at = max(effects)
    cmd_id = results[at].cmd_id
    token = issuer.token(seq, cmd_id, now) if seq > head else issuer.token_at(connection, seq)
    results[at] = replace(results[at], cursor_token=token)


def _alone(connection: Connection, wish: Wish, person: Person, now: datetime, **how: Any) -> Result:
    connection.exec_driver_sql("SAVEPOINT wish")
    try:
        result = handle(connection, wish, person, now, **how)
    except DBAPIError:
        raise  # the disk's fault, not this command's: the whole batch comes again
    except Exception:
        _log.exception("the command %s ended in an error", wish.cmd_id)
        connection.exec_driver_sql("ROLLBACK TO wish")
        result = Result(cmd_id=wish.cmd_id, status="retry", code="internal")
    connection.exec_driver_sql("RELEASE wish")
    return result


def _first(connection: Connection, wish: Wish, person: Person, now: datetime, epoch: int, site: SiteKey) -> Result:
    try:
        command = read_command(wish.type, wish.args)
    except Unreadable as wrong:
        return Result(cmd_id=wish.cmd_id, status="refused", code="unreadable", about=str(wrong)[:300])
    no = unfit(command)
    if no is not None:
        return Result(cmd_id=wish.cmd_id, status="refused", code=no.code, about=no.about)
    if wish.dep is not None:
        waits = _waits(connection, wish.dep, wish, person)
        if waits is not None:
            return waits
    carry = partial(_carry, connection, command, site, now=now, cmd_id=wish.cmd_id, bases=wish.bases, epoch=epoch)
    if not any(wish.adopts):
        return carry(person)
    owner = adopt(connection, wish, command, person, now, site)
    result = carry(owner, hand=person) if isinstance(owner, Person) else owner
    if isinstance(owner, Result):
        audit.note(connection, person, wish.type, at=now, outcome=owner.code or "", cmd_id=wish.cmd_id)
    adoptions.note(connection, wish, command, person, result, now)
    return result


def _carry(connection: Connection, command: Command, site: SiteKey, person: Person, **how: Any) -> Result:
    return perform(connection, identified(connection, command, person, site), person, **how)


def _withdrawn(connection: Connection, wish: Wish, person: Person, now: datetime) -> Result:
    """Never executed from now on, also when a copy of it is still on its way somewhere."""
    audit.note(connection, person, wish.type[:40], at=now, outcome="withdrawn", cmd_id=wish.cmd_id)
    return Result(cmd_id=wish.cmd_id, status="refused", code="withdrawn")


def _again(connection: Connection, known: dedupe.Answered, wish: Wish, person: Person, now: datetime) -> Result:
    if not known.is_of(person, wish):
        audit.note(connection, person, wish.type[:40], at=now, outcome="id_reused", cmd_id=wish.cmd_id)
        return Result(cmd_id=wish.cmd_id, status="refused", code="id_reused")
    current = known.result.current
    if current is None:
        return known.result
    record = _seen_now(connection, current, person)
    if record is None:
        return Result(cmd_id=wish.cmd_id, status="refused", code="unknown_case")
    return shown_again(person, known.result, record)


def _seen_now(connection: Connection, kept: Kept, person: Person) -> Record | None:
    """What was shown, as it is now; None for who does not see it any more."""
    return TablesView(connection, person).find(kept.kind, read_record(kept.kind, kept.record).id)


def _waits(connection: Connection, dep: str, wish: Wish, person: Person) -> Result | None:
    before = dedupe.find(connection, person.scope.district, dep)
    if before is None or before.user != person.user:
        return Result(cmd_id=wish.cmd_id, status="retry", code="dep_unknown")
    if before.result.status == "applied":
        return None
    return Result(cmd_id=wish.cmd_id, status="refused", code="dep_refused", about=dep)


def _conflict(
    connection: Connection,
    record: Record | None,
    command: Command,
    person: Person,
    bases: dict[str, int],
    cmd_id: str,
    epoch: int,
    *,
    actor: Person,
) -> Result | None:
    """A conflict when another than `actor` changed a guarded field since the revision that they saw (0: none).

    It shows the record as `actor` reads it, to whom it is answered.
    """
    fields = guarded(name_of(command))
    if record is None or not fields or not sees(person.scope, kind_of(record), place_of(record)):
        return None
    district, kind, key = person.scope.district, kind_of(record), record.id
    base, seen_in = bases.get(f"{kind}:{key}", 0), bases.get("epoch", epoch)
    if seen_in < epoch:
        base = shared_revision(connection, district, kind, key, seen=base, epoch=seen_in)
    if base == record.rev:
        return None
    happened = eventlog.since(connection, district, kind, key, base=min(max(base, 0), record.rev))
    others = (changed for who, changed, _ in happened if who != actor.user)
    if base < record.rev and not any(eventlog.NEW in changed or changed & fields for changed in others):
        return None
    about = record.stage.value if isinstance(record, Case) else None
    facts = said_to(actor, record, eventlog.said(facts for _, _, facts in happened))
    current = keep(readable_by(actor, record))
    return Result(cmd_id=cmd_id, status="conflict", code="changed", about=about, current=current, since=facts)
