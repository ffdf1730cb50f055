"""Who may sign in: accounts and their passwords as argon2id hashes; what they are and when is kept by `roles`."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, bindparam, delete, func, select, update

from commandcenter.domain.people import Person
from commandcenter.server.entry import roles
from commandcenter.server.keeping.tables import accounts, sessions

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's smaller setting: 20 ms and 19 MiB
_NOBODY = _HASHER.hash("nobody has this password")
_ENDED = "users whose sign-ins were ended"
_OF_USER = select(accounts).where(accounts.c.user == bindparam("u"))


def new_password() -> str:
    """A random password of 120 bits."""
    return secrets.token_urlsafe(15)


def hashed(password: str) -> str:
    """The password as it is kept; takes 20 to 50 ms on purpose, in any thread."""
    return _HASHER.hash(password)


def put(
    connection: Connection,
    person: Person,
    password: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Make the account of `person`, or give it this (hashed) password and role; its former sessions end.

    A new one is what `person` says from `since` on (None: from the beginning of time); one that was there stays what
    it is, or becomes it at `since` (None: at once).
    """
    put_all(connection, [(person, password)], since=since, until=until)
    roles.see_to(connection, person, now=since or datetime.now(UTC), until=until)


def put_all(
    connection: Connection,
    people: Sequence[tuple[Person, str]],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Many accounts at once, each with its (hashed) password; who was anything before stays what they are."""
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
    """Nobody goes on as one of `users` without signing in again; access tokens end as soon as this is on disk."""
    connection.execute(delete(sessions).where(sessions.c.user.in_(users)))
    connection.info.setdefault(_ENDED, set()).update(users)
    for user in users:
        roles.note_moved(connection, user)


def take_ended(connection: Connection) -> frozenset[str]:
    """The users whose sign-ins were ended on this connection since the last time."""
    return frozenset(connection.info.pop(_ENDED, ()))


def stop(connection: Connection, user: str) -> None:
    """The account may not be used any more."""
    connection.execute(update(accounts).where(accounts.c.user == user).values(active=False))
    end_sessions(connection, [user])


def password_of(connection: Connection, user: str) -> str | None:
    """The hash of the password of an account in use."""
    row = connection.execute(_OF_USER, {"u": user}).first()
    return row.password if row is not None and row.active else None


def is_right(password: str, stored: str | None) -> bool:
    """Whether the password is the one; takes as long for an account that is not there (`stored` is None)."""
    try:
        return _HASHER.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def oldest_sign_ins(connection: Connection, user: str, *, but: int) -> list[str]:
    """The families of the sign-ins of `user`, without the `but` newest ones."""
    begun = func.min(sessions.c.expires_at)
    found = select(sessions.c.family).where(sessions.c.user == user).group_by(sessions.c.family)
    return list(connection.execute(found.order_by(begun.desc()).offset(but)).scalars())


def is_known(connection: Connection, token_hash: str) -> bool:
    """Whether a refresh token was given of which this is the hash, and is not forgotten: used, run out or in force."""
    return connection.execute(select(sessions.c.family).where(sessions.c.token_hash == token_hash)).first() is not None


def renewals(connection: Connection, family: str) -> int:
    """How many refresh tokens a sign-in was given."""
    return connection.execute(select(func.count()).where(sessions.c.family == family)).scalar_one()


def live_sign_ins(connection: Connection, now: datetime) -> list[str]:
    """The families of all sign-ins that have not ended."""
    found = select(sessions.c.family).where(sessions.c.expires_at > now.timestamp()).distinct()
    return list(connection.execute(found).scalars())


def trim_sessions(connection: Connection, *, now: datetime) -> None:
    """Forget the sessions that have run out."""
    connection.execute(delete(sessions).where(sessions.c.expires_at < now.timestamp()))
