"""Accounts and the argon2id hashes of their passwords; `roles` keeps which role an account has and when."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, bindparam, delete, func, select, update

from commandcenter.domain.people import Person
from commandcenter.server.auth import roles
from commandcenter.server.storage.tables import accounts, sessions

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's smaller setting: 20 ms, 19 MiB
_NOBODY = _HASHER.hash("nobody has this password")
_ENDED = "users whose sign-ins were ended"
_OF_USER = select(accounts).where(accounts.c.user == bindparam("u"))


def new_password() -> str:
    """Returns a random password of 120 bits."""
    return secrets.token_urlsafe(15)


def hashed(password: str) -> str:
    """Returns the argon2id hash of `password`; takes 20 to 50 ms on purpose, and can run in any thread."""
    return _HASHER.hash(password)


def put(
    connection: Connection,
    person: Person,
    password: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Creates the account of `person`, or sets its (hashed) password and role, and ends its sign-ins.

    A new account has the role from `since` on (None: from the beginning of time). An existing one keeps its role when
    it is the same, and changes it at `since` otherwise (None: at once); raises ValueError as `roles.becomes` does.
    """
    put_all(connection, [(person, password)], since=since, until=until)
    roles.ensure_role(connection, person, now=since or datetime.now(UTC), until=until)


def put_all(
    connection: Connection,
    people: Sequence[tuple[Person, str]],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Creates many accounts, or sets their (hashed) passwords, and ends their sign-ins.

    Users who ever had a role keep it; the others get theirs from `since` on (None: from the beginning of time).
    """
    users = [person.user for person, _ in people]
    rows = [
        {"user": person.user, "password": password, "district": person.scope.district, "active": True}
        for person, password in people
    ]
    connection.execute(delete(accounts).where(accounts.c.user.in_(users)))
    connection.execute(accounts.insert(), rows)
    end_sessions(connection, users)
    roles.grant(connection, [person for person, _ in people], since=since, until=until)


def end_sessions(connection: Connection, users: Sequence[str]) -> None:
    """Ends the sign-ins of `users`, who have to sign in again.

    Their access tokens are revoked as soon as this is committed.
    """
    connection.execute(delete(sessions).where(sessions.c.user.in_(users)))
    connection.info.setdefault(_ENDED, set()).update(users)
    for user in users:
        roles.note_moved(connection, user)


def pop_ended_users(connection: Connection) -> frozenset[str]:
    """Returns, and forgets, the users whose sign-ins were ended on this connection."""
    return frozenset(connection.info.pop(_ENDED, ()))


def stop(connection: Connection, user: str) -> None:
    """Deactivates the account and ends its sign-ins."""
    connection.execute(update(accounts).where(accounts.c.user == user).values(active=False))
    end_sessions(connection, [user])


def replace_password(connection: Connection, user: str, password: str) -> None:
    """Sets the (hashed) password of an account, which may have been stopped, and ends its sign-ins."""
    connection.execute(update(accounts).where(accounts.c.user == user).values(password=password, active=True))
    end_sessions(connection, [user])


def password_of(connection: Connection, user: str) -> str | None:
    """Returns the password hash of an active account, None when there is none."""
    row = connection.execute(_OF_USER, {"u": user}).first()
    return row.password if row is not None and row.active else None


def verify_password(password: str, stored: str | None) -> bool:
    """Returns whether the password is right; takes as long when there is no account (`stored` is None)."""
    try:
        return _HASHER.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def oldest_sign_ins(connection: Connection, user: str, *, but: int) -> list[str]:
    """Returns the families of the sign-ins of `user` except for the `but` newest."""
    begun = func.min(sessions.c.expires_at)
    found = select(sessions.c.family).where(sessions.c.user == user).group_by(sessions.c.family)
    return list(connection.execute(found.order_by(begun.desc()).offset(but)).scalars())


def is_known(connection: Connection, token_hash: str) -> bool:
    """Returns whether a refresh token with this hash was given out and is still stored: used, expired or valid."""
    return connection.execute(select(sessions.c.family).where(sessions.c.token_hash == token_hash)).first() is not None


def renewals(connection: Connection, family: str) -> int:
    """Returns how many refresh tokens a sign-in has been given."""
    return connection.execute(select(func.count()).where(sessions.c.family == family)).scalar_one()


def live_sign_ins(connection: Connection, now: datetime) -> list[str]:
    """Returns the families of all sign-ins that have not ended."""
    found = select(sessions.c.family).where(sessions.c.expires_at > now.timestamp()).distinct()
    return list(connection.execute(found).scalars())


def trim_sessions(connection: Connection, *, now: datetime) -> None:
    """Deletes the refresh tokens that have expired."""
    connection.execute(delete(sessions).where(sessions.c.expires_at < now.timestamp()))
