"""Who may sign in: accounts with a role and a scope, their passwords as argon2id hashes."""

import secrets
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, bindparam, delete, select, update

from commandcenter.domain.people import Person, Role, Scope
from commandcenter.server.keeping.tables import accounts, sessions

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's smaller setting: 20 ms and 19 MiB
_NOBODY = _HASHER.hash("nobody has this password")
_OF_USER = select(accounts).where(accounts.c.user == bindparam("u"))


def new_password() -> str:
    """A random password of 120 bits."""
    return secrets.token_urlsafe(15)


def hashed(password: str) -> str:
    """The password as it is kept; takes 20 to 50 ms on purpose, in any thread."""
    return _HASHER.hash(password)


def put(connection: Connection, person: Person, password: str) -> None:
    """Make the account of `person`, or give it this (hashed) password, role and scope; its former sessions end."""
    scope = person.scope
    row = {
        "user": person.user,
        "password": password,
        "role": person.role.value,
        "district": scope.district,
        "street": scope.street,
        "department": scope.department,
        "unit": scope.unit,
        "grid": scope.grid,
        "active": True,
    }
    connection.execute(delete(accounts).where(accounts.c.user == person.user))
    connection.execute(accounts.insert(), row)
    end_sessions(connection, person.user)


def end_sessions(connection: Connection, user: str) -> None:
    """Nobody goes on as `user` without signing in again."""
    connection.execute(delete(sessions).where(sessions.c.user == user))


def stop(connection: Connection, user: str) -> None:
    """The account may not be used any more."""
    connection.execute(update(accounts).where(accounts.c.user == user).values(active=False))
    end_sessions(connection, user)


def person_of(connection: Connection, user: str) -> Person | None:
    """Who `user` is now; None when there is no such account, or it was stopped."""
    row = connection.execute(_OF_USER, {"u": user}).first()
    return None if row is None or not row.active else _person(row)


def password_of(connection: Connection, user: str) -> str | None:
    """The hash of the password of an account in use."""
    row = connection.execute(_OF_USER, {"u": user}).first()
    return row.password if row is not None and row.active else None


def everybody(connection: Connection, district: str) -> list[Person]:
    """All accounts of a district, by name."""
    rows = connection.execute(select(accounts).where(accounts.c.district == district).order_by(accounts.c.user))
    return [_person(row) for row in rows]


def is_right(password: str, stored: str | None) -> bool:
    """Whether the password is the one; takes as long for an account that is not there (`stored` is None)."""
    try:
        return _HASHER.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def trim_sessions(connection: Connection, *, now: datetime) -> None:
    """Forget the sessions that have run out."""
    connection.execute(delete(sessions).where(sessions.c.expires_at < now.timestamp()))


def _person(row: Row[tuple[object, ...]]) -> Person:
    scope = Scope(row.district, street=row.street, department=row.department, unit=row.unit, grid=row.grid)
    return Person(row.user, Role(row.role), scope)
