"""Adds, changes, stops and lists accounts by the rules of a platform; what is done and what is refused is audited."""

import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select, true, update

from commandcenter.domain.naming import RETIRED
from commandcenter.domain.people import ADMINISTRATORS, HOLDER_SEATS, NOWHERE, Holder, Person, Role, Scope
from commandcenter.domain.reference import Reference
from commandcenter.protocol.accounts import Account, AccountChange, AccountPage
from commandcenter.protocol.limits import ID_MOST
from commandcenter.server.auth import accounts, roles
from commandcenter.server.errors import HttpProblem
from commandcenter.server.storage import audit, tables
from commandcenter.server.storage.districts import district_ids
from commandcenter.server.storage.projections import find

PASSWORD_LEAST, PASSWORD_MOST = 12, 1_000  # characters
_DIFFERENT_LEAST = 6  # different characters of a password
_SEATS = {role: (kind, part) for kind, (role, part) in HOLDER_SEATS.items()}
_ACCOUNT, _SPAN = tables.accounts.c, tables.spans.c


def refused(code: str, about: str) -> HttpProblem:
    """Returns the problem of a change that may not be made."""
    return HttpProblem(422, code, "The account was left as it is.", about=about)


def is_weak(password: str, user: str) -> bool:
    """Returns whether a password that a person made is too short, too long, too plain or holds the user's name."""
    is_fit = PASSWORD_LEAST <= len(password) <= PASSWORD_MOST and len(set(password)) >= _DIFFERENT_LEAST
    return not is_fit or _folded(user) in _folded(password)


def change(
    connection: Connection, asked: AccountChange, password: str, *, by: Person | None, now: datetime, origin: str
) -> HttpProblem | None:
    """Makes the change and returns None, or returns why it is refused: then only the audit was written.

    `password` is the hash of a new one. `by` is the security administrator, None for whoever has the data folder;
    `origin` tells the audit where the change comes from.
    """
    outcome, no = f"applied {asked.role}".strip(), None
    try:
        _make(connection, asked, password, by, now)
    except HttpProblem as wrong:
        outcome, no = wrong.code, wrong
    actor, record = by or Person("system", Role.SYSTEM, Scope(asked.district or "")), f"account:{asked.user}"
    audit.note(connection, actor, f"account_{asked.action}", at=now, outcome=f"{outcome} {origin}", record=record)
    return no


def page(connection: Connection, within: str, *, now: datetime, limit: int, after: str) -> AccountPage:
    """Returns the accounts of the district `within` ("": all) by name, from behind `after` on."""
    holds = and_(_SPAN.since <= now.timestamp(), or_(_SPAN.until.is_(None), _SPAN.until > now.timestamp()))
    joined = tables.accounts.outerjoin(tables.spans, and_(_SPAN.user == _ACCOUNT.user, holds))
    shown = (_ACCOUNT.user, _ACCOUNT.active, _ACCOUNT.district, _SPAN.role, _SPAN.street, _SPAN.unit, _SPAN.department)
    inside = and_(_ACCOUNT.user > after, _ACCOUNT.district == within if within else true())
    found = select(*shown, _SPAN.grid).select_from(joined).where(inside).order_by(_ACCOUNT.user).limit(limit + 1)
    rows = connection.execute(found).all()
    return AccountPage(tuple(map(_account, rows[:limit])), rows[limit - 1].user if len(rows) > limit else None)


def _account(row: Row[Any]) -> Account:
    holder = row.unit or row.department or row.grid
    return Account(row.user, row.active, row.role, row.district, row.street or None, holder)


def _make(connection: Connection, asked: AccountChange, password: str, by: Person | None, now: datetime) -> None:
    """Checks the whole change before it writes anything; raises HttpProblem."""
    within, user = "" if by is None else by.scope.district, asked.user
    if asked.action == "add":
        _check_name(connection, user, within)
        accounts.put(connection, _person(connection, asked, within, by), password, since=now)
        return
    home = connection.execute(select(_ACCOUNT.district).where(_ACCOUNT.user == user)).scalar()
    if home is None or within not in ("", home):
        raise refused("unknown_user", user)
    if asked.action == "password":
        accounts.replace_password(connection, user, password)
        return
    if by is not None and by.user == user:
        raise refused("own_account", user)
    _check_not_last(connection, user, now)
    if asked.action == "stop":
        accounts.stop(connection, user)
        return
    person = _person(connection, asked, within, by)
    _check_role(connection, person, now)
    roles.change_role(connection, person, now=now, by=by)
    connection.execute(update(tables.accounts).where(_ACCOUNT.user == user).values(district=person.scope.district))


def _check_name(connection: Connection, user: str, within: str) -> None:
    """Raises HttpProblem; a name that is taken beyond `within` is refused as bad: where, it is not told."""
    known = connection.execute(select(_ACCOUNT.user, _ACCOUNT.district)).all()
    homes = {row.district for row in known if _folded(row.user) == _folded(user)}
    if homes:
        raise refused("user_taken" if within in ("", *homes) else "bad_user", user)
    is_plain = 0 < len(user) <= ID_MOST and all(sign.isalnum() or sign in "._-" for sign in user)
    if not is_plain or _folded(user) == Role.SYSTEM:  # so the audit names the platform itself
        raise refused("bad_user", user)


def _check_not_last(connection: Connection, user: str, now: datetime) -> None:
    """Raises HttpProblem for an administrator when no other is the same there, or of the whole platform."""
    lasting = and_(_ACCOUNT.active, _SPAN.since <= now.timestamp(), _SPAN.until.is_(None))
    held = select(tables.spans).join(tables.accounts, _ACCOUNT.user == _SPAN.user)
    found = connection.execute(held.where(lasting, _SPAN.role.in_(ADMINISTRATORS))).all()
    for own in (one for one in found if one.user == user):
        others = [one for one in found if one.user != user and one.role == own.role]
        if not any(one.district in ("", own.district) for one in others):
            raise refused("last_administrator", user)


def _check_role(connection: Connection, person: Person, now: datetime) -> None:
    """Raises HttpProblem for an account that was another administrator once, or is to be something else later."""
    spans = connection.execute(select(tables.spans).where(_SPAN.user == person.user)).all()
    if person.role in ADMINISTRATORS and {span.role for span in spans} & (ADMINISTRATORS - {person.role}):
        raise refused("other_administrator", person.user)
    if any(span.since > now.timestamp() for span in spans):
        raise refused("role_planned", person.user)


def _person(connection: Connection, asked: AccountChange, within: str, by: Person | None) -> Person:
    """Returns who the account is to be; raises HttpProblem for what does not exist or lies out of `within`.

    A machine's role is given at the server alone (`by` is None).
    """
    if asked.role not in tuple(Role) or (asked.role == Role.SYSTEM and by is not None):
        raise refused("unknown_role", asked.role)
    role, known = Role(asked.role), district_ids(connection)
    only = known[0] if len(known) == 1 and role not in ADMINISTRATORS else ""
    district = within or only if asked.district is None else asked.district
    if within not in ("", district) or not (district in known or (role in ADMINISTRATORS and not district)):
        raise refused("unknown_district", district)
    if district and role not in ADMINISTRATORS:
        _in_use(connection, district, "district", district)
    return Person(asked.user, role, _scope(connection, role, district, asked.street, asked.holder))


def _scope(connection: Connection, role: Role, district: str, street: str | None, holder: str | None) -> Scope:
    if (holder is not None and role not in _SEATS) or (street is not None and role in ADMINISTRATORS):
        raise refused("bad_scope", holder or street or "")
    if role in ADMINISTRATORS:
        return Scope(district, street=NOWHERE)
    kind, part = _SEATS.get(role, (None, ""))
    body = None if kind is None else _in_use(connection, district, "holder", holder)
    if body is not None and not (isinstance(body, Holder) and body.kind is kind):
        raise refused("unknown_holder", holder or "")
    own = body.street if isinstance(body, Holder) else street
    if street not in (None, own):
        raise refused("unknown_street", street)
    if own is not None or role is Role.STREET_DISPATCHER:
        _in_use(connection, district, "street", own)
    return Scope(district, street=own, **({part: holder} if kind else {}))


def _in_use(connection: Connection, district: str, kind: str, key: str | None) -> Reference:
    """Returns the reference record; raises HttpProblem when there is none or it was retired."""
    found = find(connection, district, kind, key or "")
    if not isinstance(found, Reference):
        raise refused(f"unknown_{kind}", key or "")
    if found.retired:
        raise refused(RETIRED, found.id)
    return found


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
