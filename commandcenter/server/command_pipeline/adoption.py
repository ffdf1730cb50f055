"""Adoption: whether a shift leader may take over another person's act, and that the act takes effect only once."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from commandcenter.domain.commands import Command, records_of
from commandcenter.domain.decisions import Refused
from commandcenter.domain.fields import new_records_of
from commandcenter.domain.people import Person, Role, may_adopt
from commandcenter.domain.visibility import audience, street_audience, tokens_of
from commandcenter.protocol.codes import ALREADY_DONE, WITHDRAWN
from commandcenter.protocol.messages import CommandEnvelope, Result
from commandcenter.protocol.statuses import Status
from commandcenter.server.auth import roles
from commandcenter.server.auth.attestation_keys import is_attested_by
from commandcenter.server.command_pipeline import dedupe
from commandcenter.server.storage import audit
from commandcenter.server.storage.projections import find
from commandcenter.server.storage.site_key import SiteKey


def adopt(
    connection: Connection, envelope: CommandEnvelope, command: Command, leader: Person, now: datetime, site: SiteKey
) -> Person | Result:
    """Returns the person in whose place `command` is given, as the accounts know them now, or the refusal.

    Someone who has no role any more, or no active account, counts as what they were last, because a shift that is over
    leaves acts as well. The act that is replaced is withdrawn for good. Refusals: `may_not_adopt`; `unknown_user`;
    `unknown_case` and the like for what the leader does not see; `unattested` when the owner never gave this act;
    `already_done` when it has had its effect.
    """
    owner = _owner(connection, envelope, leader, now)
    if isinstance(owner, Refused):
        return _refusal(envelope, owner)
    if not is_attested_by(owner, envelope, site):
        return _refusal(envelope, Refused("unattested", envelope.adopts[1] or ""))
    unseen = _out_of_scope(connection, command, leader)
    if unseen is not None:
        return _refusal(envelope, unseen)
    return _without_effect(connection, envelope, owner) or _withdrawn(connection, envelope, owner, leader, now)


def _without_effect(connection: Connection, envelope: CommandEnvelope, owner: Person) -> Result | None:
    """Returns the refusal when an id of the act belongs to somebody else or has had its effect, else None."""
    for act in envelope.acts:
        former = dedupe.find(connection, owner.scope.district, act)
        if act == envelope.cmd_id or (former is not None and former.user != owner.user):
            return _refusal(envelope, Refused("may_not_adopt", "replaces"))
        effect = _effect(connection, owner, former)
        if effect is not None:
            refused = Result(cmd_id=envelope.cmd_id, status=Status.REFUSED, code=ALREADY_DONE)
            return msgspec.structs.replace(refused, about=effect.cmd_id, seq=effect.seq)
    return None


def _withdrawn(
    connection: Connection, envelope: CommandEnvelope, owner: Person, leader: Person, now: datetime
) -> Person:
    for act in envelope.acts:
        former = dedupe.find(connection, owner.scope.district, act)
        dedupe.withdraw_replaced(connection, act, former, owner, envelope, now)
        audit.note(connection, leader, envelope.type, at=now, outcome=WITHDRAWN, cmd_id=act, on_behalf_of=owner.user)
    return owner


def _refusal(envelope: CommandEnvelope, why: Refused) -> Result:
    return Result(cmd_id=envelope.cmd_id, status=Status.REFUSED, code=why.code, about=why.about)


def _owner(connection: Connection, envelope: CommandEnvelope, leader: Person, now: datetime) -> Person | Refused:
    """Returns the owner of the act; a leader of a street does not learn whether an account exists elsewhere."""
    user, act = envelope.adopts
    if user is None or act is None:
        return Refused("may_not_adopt", "replaces" if act is None else "on_behalf_of")
    owner = roles.last_of(connection, user, now)
    if owner is not None and may_adopt(leader, owner):
        return owner
    is_nobody = owner is None or owner.scope.district != leader.scope.district
    knows_all = leader.role is Role.SHIFT_LEADER and leader.scope.holder is None and leader.scope.street is None
    return Refused("unknown_user" if is_nobody and knows_all else "may_not_adopt", "on_behalf_of")


def _out_of_scope(connection: Connection, command: Command, leader: Person) -> Refused | None:
    """Returns the refusal when one of the records, or the one to be created, lies outside the leader's scope.

    The command alone says where a new record would lie: the leader is not told whether its id is taken by another's.
    """
    new = new_records_of(command)
    for ref in records_of(command):
        record = None if ref in new else find(connection, leader.scope.district, *ref)
        seen_by = street_audience(new[ref]) if ref in new else audience(record)
        if seen_by.isdisjoint(tokens_of(leader)):
            return Refused(f"unknown_{ref[0]}", ref[1])
    return None


def _effect(connection: Connection, owner: Person, former: dedupe.StoredResult | None) -> Result | None:
    """Returns the result of the command that gave the act its effect: itself or a later replacement, if any."""
    while former is not None and former.result.status != Status.APPLIED:
        if former.result.code != WITHDRAWN or former.result.about is None:
            return None
        former = dedupe.find(connection, owner.scope.district, former.result.about)
    return None if former is None else former.result
