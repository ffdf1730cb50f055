"""A shift leader takes over another's act: for whom that is allowed, and that whoever gives it, it happens once."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from commandcenter.domain.commands import Command, Import, Take, records_of
from commandcenter.domain.decide import Refused
from commandcenter.domain.people import Person, Role
from commandcenter.domain.powers import may_adopt
from commandcenter.protocol.frames import Result, Wish
from commandcenter.server.entry import roles
from commandcenter.server.entry.attestation import has_given
from commandcenter.server.handling import audit, dedupe
from commandcenter.server.keeping.projections import find, place_of
from commandcenter.server.keeping.site_key import SiteKey
from commandcenter.server.scope import Place, sees


def adopt(
    connection: Connection, wish: Wish, command: Command, leader: Person, now: datetime, site: SiteKey
) -> Person | Result:
    """Who is to be taken to have given `command`: the person on whose behalf, as the accounts know them now.

    A shift that is over leaves things as well: whoever has no role any more, or no account in use, is taken for what
    they were last.
    What it replaces is withdrawn for good. Otherwise why not: `may_not_adopt`, `unknown_user`, `unknown_case` and the
    like for what the leader does not see, `unattested` when that person never gave this act, `already_done` when it has
    had its effect.
    """
    owner = _owner(connection, wish, leader, now)
    if isinstance(owner, Refused):
        return _no(wish, owner)
    if not has_given(owner, wish, site):
        return _no(wish, Refused("unattested", wish.adopts[1] or ""))
    unseen = _unseen(connection, command, leader)
    if unseen is not None:
        return _no(wish, unseen)
    return _without_effect(connection, wish, owner) or _withdrawn(connection, wish, owner, leader, now)


def _without_effect(connection: Connection, wish: Wish, owner: Person) -> Result | None:
    """Why not: one of the ids under which `owner` gave the act is somebody else's, or has had its effect."""
    for act in wish.acts:
        former = dedupe.find(connection, owner.scope.district, act)
        if act == wish.cmd_id or (former is not None and former.user != owner.user):
            return _no(wish, Refused("may_not_adopt", "replaces"))
        effect = _effect(connection, owner, former)
        if effect is not None:
            refused = Result(cmd_id=wish.cmd_id, status="refused", code="already_done")
            return msgspec.structs.replace(refused, about=effect.cmd_id, seq=effect.seq)
    return None


def _withdrawn(connection: Connection, wish: Wish, owner: Person, leader: Person, now: datetime) -> Person:
    for act in wish.acts:
        former = dedupe.find(connection, owner.scope.district, act)
        dedupe.stand_aside(connection, act, former, owner, wish, now)
        audit.note(connection, leader, wish.type, at=now, outcome="withdrawn", cmd_id=act, on_behalf_of=owner.user)
    return owner


def _no(wish: Wish, why: Refused) -> Result:
    return Result(cmd_id=wish.cmd_id, status="refused", code=why.code, about=why.about)


def _owner(connection: Connection, wish: Wish, leader: Person, now: datetime) -> Person | Refused:
    """Whose act it is; a leader of a street is not told whether there is such an account elsewhere."""
    user, act = wish.adopts
    if user is None or act is None:
        return Refused("may_not_adopt", "replaces" if act is None else "on_behalf_of")
    owner = roles.last_of(connection, user, now)
    if owner is not None and may_adopt(leader, owner):
        return owner
    is_nobody = owner is None or owner.scope.district != leader.scope.district
    knows_all = leader.role is Role.SHIFT_LEADER and leader.scope.holder is None and leader.scope.street is None
    return Refused("unknown_user" if is_nobody and knows_all else "may_not_adopt", "on_behalf_of")


def _unseen(connection: Connection, command: Command, leader: Person) -> Refused | None:
    """Why not: the record lies beyond the leader's scope, or a new one would.

    Where a new one would be is said by the command alone: whether its id is another's is not for the leader to learn.
    """
    kind, key = records_of(command)[0]
    if isinstance(command, Take | Import):
        place = Place(command.street, None)
    else:
        place = place_of(find(connection, leader.scope.district, kind, key))
    return None if sees(leader.scope, kind, place) else Refused(f"unknown_{kind}", key)


def _effect(connection: Connection, owner: Person, former: dedupe.Answered | None) -> Result | None:
    """The answer to whichever command gave the act its effect: itself, or one that stood for it in the end."""
    while former is not None and former.result.status != "applied":
        if former.result.code != "withdrawn" or former.result.about is None:
            return None
        former = dedupe.find(connection, owner.scope.district, former.result.about)
    return None if former is None else former.result
