"""Executes commands in one transaction: dedupe, dependency, guard, decide, evolve, log, audit, stored result."""

import logging
from datetime import datetime
from functools import partial
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import DBAPIError

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command, name_of, records_of
from commandcenter.domain.decisions import Refused, decide
from commandcenter.domain.fields import NamesReference, guards_of, marked, unseen_of
from commandcenter.domain.people import Person, Role
from commandcenter.domain.records import Record, edited_fields, kind_of, ref_text
from commandcenter.protocol import codes
from commandcenter.protocol.codec import RecordEnvelope, Unreadable, read_command, read_record
from commandcenter.protocol.intervals import Interval, lies_in
from commandcenter.protocol.limits import ABOUT_MOST
from commandcenter.protocol.messages import CommandBatch, CommandEnvelope, Result, Results
from commandcenter.protocol.statuses import Status
from commandcenter.server.command_pipeline import adoptions, dedupe
from commandcenter.server.command_pipeline.adoption import adopt
from commandcenter.server.command_pipeline.effect import apply_facts
from commandcenter.server.command_pipeline.identities import with_site_ids
from commandcenter.server.command_pipeline.view import TablesView
from commandcenter.server.identifiers import form_refusal
from commandcenter.server.storage import audit, event_log, vault
from commandcenter.server.storage.cursor_tokens import CursorTokens, Issuer
from commandcenter.server.storage.epochs import shared_revision
from commandcenter.server.storage.prepared import PreparedStatement
from commandcenter.server.storage.secrecy import envelope_readable_by, facts_readable_by, result_readable_by
from commandcenter.server.storage.site_key import SiteKey
from commandcenter.server.storage.steps import ActContext
from commandcenter.server.storage.tables import districts

_log = logging.getLogger(__name__)
_EDITS_SHOWN = 50  # of a reference record, in a conflict
_LOG = PreparedStatement(select(districts.c.epoch, districts.c.head).where(districts.c.id == bindparam("d")))


def execute_batch(
    connection: Connection,
    batch: CommandBatch,
    person: Person,
    now: datetime,
    site: SiteKey,
    tokens: CursorTokens | None = None,
    away: tuple[Interval, ...] = (),
) -> Results:
    """Returns the results of a batch in its order, each command in a savepoint of its own; stops at the first retry.

    Synchronous: runs in the writer's thread, or inline in a simulation. All results are wrong_epoch when the batch is
    from another epoch. With `tokens`, the last result that had an effect has the cursor token of its place in the log.
    `away` are the console's outages.
    """
    at = _LOG.run(connection, {"d": person.scope.district}).first()
    epoch = None if at is None else at.epoch
    if at is None or batch.epoch != epoch:
        return Results(tuple(Result(cmd_id=envelope.cmd_id, status=Status.WRONG_EPOCH) for envelope in batch.commands))
    results: list[Result] = []
    how: dict[str, Any] = {"console": batch.console_id, "epoch": epoch, "site": site, "away": away}
    for envelope in batch.commands:
        results.append(_in_savepoint(connection, envelope, person, now, **how))
        if results[-1].status == Status.RETRY:
            break
    if tokens is not None:
        _add_cursor_token(connection, results, tokens.issuer(person.scope.district, at.epoch), head=at.head, now=now)
    return Results(tuple(results))


def execute_command(
    connection: Connection,
    envelope: CommandEnvelope,
    person: Person,
    now: datetime,
    *,
    console: str,
    epoch: int,
    site: SiteKey,
    away: tuple[Interval, ...] = (),
) -> Result:
    """Executes one command that `person`, in their present role, sent from `console` in `epoch`.

    A command that has a result gets it again. The result is stored unless it is a retry. `away`: see `execute_batch`.
    """
    known = dedupe.find(connection, person.scope.district, envelope.cmd_id)
    if known is not None:
        return _repeat_result(connection, known, envelope, person, now)
    if envelope.withdraw:
        result = _withdrawn(connection, envelope, person, now)
    else:
        result = _execute_new(connection, envelope, person, now, epoch, site, away)
    if result.status != Status.RETRY:
        dedupe.keep(connection, person, envelope, result, console=console, at=now)
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
    given_at: datetime | None = None,
) -> Result:
    """Guards, decides, evolves, logs and audits a command, without looking for an earlier result.

    `epoch` is the current one; the one that `bases` names may be earlier. `hand` acts in the place of `person`.
    `given_at` is when an act done offline was given.
    """
    actor = hand or person
    rule = command.rule
    view = TablesView(connection, person, beyond=unseen_of(command) if person.role in rule.roles else ())
    guarded = ((view.find(*ref), fields) for ref, fields in guards_of(command).items())
    how: dict[str, Any] = {"actor": actor, "own": bool(marked(command, NamesReference))}
    conflicts = (_conflict(connection, *one, person, bases, cmd_id, epoch, **how) for one in guarded)
    is_shown = not how["own"] or person.role in rule.roles  # the history of reference records is for who edits them
    result = next(filter(None, conflicts), None) if is_shown else None
    if result is None:
        decision = decide(view, command, person, now, hand=hand)
        if not isinstance(decision, Refused):
            decision = vault.put(connection, person.scope.district, command, at=now) or decision
        if isinstance(decision, Refused):
            result = Result(cmd_id=cmd_id, status=Status.REFUSED, code=decision.code, about=decision.about)
        else:
            seen = bases if bases.get("epoch", epoch) == epoch else {}
            act = ActContext(person.role, now, given_at or now, seen)
            result = apply_facts(connection, view, decision, person, act, cmd_id=cmd_id, hand=hand)
    named = dict.fromkeys((*(ref_text(*ref) for ref in records_of(command)), *result.revs))  # and what changed besides
    note = partial(audit.note, connection, actor, name_of(command), at=now, record=" ".join(named), cmd_id=cmd_id)
    note(outcome=result.code or result.status, on_behalf_of=None if hand is None else person.user)
    return result


def _add_cursor_token(
    connection: Connection, results: list[Result], issuer: Issuer, *, head: int, now: datetime
) -> None:
    """Entries after `head` were written now; only a repeated result has to be looked up in the log."""
    effects = [(result.seq, at) for at, result in enumerate(results) if result.status == Status.APPLIED and result.seq]
    if not effects:
        return
    seq, at = max(effects)
    cmd_id = results[at].cmd_id
    token = issuer.token(seq, cmd_id, now) if seq > head else issuer.token_at(connection, seq)
    results[at] = replace(results[at], cursor_token=token)


def _in_savepoint(
    connection: Connection, envelope: CommandEnvelope, person: Person, now: datetime, **how: Any
) -> Result:
    connection.exec_driver_sql("SAVEPOINT command")
    try:
        result = execute_command(connection, envelope, person, now, **how)
    except DBAPIError:
        raise  # the database failed, not this command: the whole batch is sent again
    except Exception:
        _log.exception("the command %s ended in an error", envelope.cmd_id)
        connection.exec_driver_sql("ROLLBACK TO command")
        result = Result(cmd_id=envelope.cmd_id, status=Status.RETRY, code="internal")
    connection.exec_driver_sql("RELEASE command")
    return result


def _execute_new(
    connection: Connection,
    envelope: CommandEnvelope,
    person: Person,
    now: datetime,
    epoch: int,
    site: SiteKey,
    away: tuple[Interval, ...],
) -> Result:
    command = _sound_command(envelope)
    if isinstance(command, Result):
        return command
    if envelope.dep is not None:
        waits = _dependency_problem(connection, envelope.dep, envelope, person)
        if waits is not None:
            return waits
    carry = partial(_perform_for, connection, command, site, now=now, cmd_id=envelope.cmd_id, bases=envelope.bases)
    carry = partial(carry, epoch=epoch, given_at=envelope.given_at if lies_in(envelope.given_at, away) else now)
    if not any(envelope.adopts):
        return carry(person)
    owner = adopt(connection, envelope, command, person, now, site)
    result = carry(owner, hand=person) if isinstance(owner, Person) else owner
    if isinstance(owner, Result):
        audit.note(connection, person, envelope.type, at=now, outcome=owner.code or "", cmd_id=envelope.cmd_id)
    adoptions.note(connection, envelope, command, person, result, now)
    return result


def _sound_command(envelope: CommandEnvelope) -> Command | Result:
    """Returns the command, or its refusal when it cannot be read or has ids or texts that none may have."""
    try:
        command = read_command(envelope.type, envelope.args)
    except Unreadable as wrong:
        return Result(cmd_id=envelope.cmd_id, status=Status.REFUSED, code="unreadable", about=str(wrong)[:ABOUT_MOST])
    no = form_refusal(command)
    if no is not None:
        return Result(cmd_id=envelope.cmd_id, status=Status.REFUSED, code=no.code, about=no.about)
    return command


def _perform_for(connection: Connection, command: Command, site: SiteKey, person: Person, **how: Any) -> Result:
    return perform(connection, with_site_ids(connection, command, person, site), person, **how)


def _withdrawn(connection: Connection, envelope: CommandEnvelope, person: Person, now: datetime) -> Result:
    """Withdraws the command for good, even if a copy of it is still on its way."""
    audit.note(connection, person, envelope.type[:40], at=now, outcome=codes.WITHDRAWN, cmd_id=envelope.cmd_id)
    return Result(cmd_id=envelope.cmd_id, status=Status.REFUSED, code=codes.WITHDRAWN)


def _repeat_result(
    connection: Connection, known: dedupe.StoredResult, envelope: CommandEnvelope, person: Person, now: datetime
) -> Result:
    if not known.is_of(person, envelope):
        audit.note(connection, person, envelope.type[:40], at=now, outcome="id_reused", cmd_id=envelope.cmd_id)
        return Result(cmd_id=envelope.cmd_id, status=Status.REFUSED, code="id_reused")
    current = known.result.current
    if current is None:
        return known.result
    record = _seen_now(connection, current, person)
    if record is None:
        return Result(cmd_id=envelope.cmd_id, status=Status.REFUSED, code=f"unknown_{current.kind}")
    return result_readable_by(person, known.result, record)


def _seen_now(connection: Connection, kept: RecordEnvelope, person: Person) -> Record | None:
    """Returns the shown record as it is now, None when the person does not see it any more."""
    administered = person.role is Role.SYSTEM_ADMIN and bool(edited_fields(kept.kind))
    ref = kept.kind, read_record(kept.kind, kept.record).id
    return TablesView(connection, person, beyond=(ref,) if administered else ()).find(*ref)


def _dependency_problem(connection: Connection, dep: str, envelope: CommandEnvelope, person: Person) -> Result | None:
    before = dedupe.find(connection, person.scope.district, dep)
    if before is None or before.user != person.user:
        return Result(cmd_id=envelope.cmd_id, status=Status.RETRY, code=codes.DEP_UNKNOWN)
    if before.result.status == Status.APPLIED:
        return None
    return Result(cmd_id=envelope.cmd_id, status=Status.REFUSED, code=codes.DEP_REFUSED, about=dep)


def _conflict(
    connection: Connection,
    record: Record | None,
    fields: frozenset[str],
    person: Person,
    bases: dict[str, int],
    cmd_id: str,
    epoch: int,
    *,
    actor: Person,
    own: bool,
) -> Result | None:
    """Returns a conflict when a user other than `actor` changed one of `fields` since the revision seen (0: none).

    With `own`, also when `actor` did, at another window; then only the newest edits are told, for a crew's device
    reports all the time. It shows the record as `actor`, who gets the result, may read it.
    """
    if record is None:
        return None
    district, kind, key = person.scope.district, kind_of(record), record.id
    base, seen_in = bases.get(ref_text(kind, key), 0), bases.get("epoch", epoch)
    if seen_in < epoch:
        base = shared_revision(connection, district, kind, key, seen=base, epoch=seen_in)
    if base == record.rev:
        return None
    read = partial(event_log.edits_since, most=_EDITS_SHOWN) if own else event_log.changes_since
    happened = read(connection, district, kind, key, base=min(max(base, 0), record.rev))
    others = (changed for who, changed, _ in happened if own or who != actor.user)
    if base < record.rev and not any(event_log.NEW in changed or changed & fields for changed in others):
        return None
    about = record.stage.value if isinstance(record, Case) else None
    facts = facts_readable_by(actor, record, event_log.decode_facts(facts for _, _, facts in happened))
    current = envelope_readable_by(actor, record)
    return Result(cmd_id=cmd_id, status=Status.CONFLICT, code="changed", about=about, current=current, since=facts)
