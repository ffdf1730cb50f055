"""Signing in and staying in: a password buys a pair of tokens, a refresh token buys the next pair, once."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, select, update

from commandcenter.domain.people import Person
from commandcenter.protocol.frames import Tokens
from commandcenter.server.entry import accounts, roles
from commandcenter.server.entry.lockout import Lockout
from commandcenter.server.entry.seats import LIFE, Seats, digest
from commandcenter.server.handling import audit
from commandcenter.server.keeping.lane import Lane
from commandcenter.server.keeping.readers import Readers
from commandcenter.server.keeping.tables import sessions
from commandcenter.server.trouble import Trouble, no_role, signed_out

STAYS = timedelta(hours=12)
_AT_ONCE = 2  # passwords checked at the same time: each takes 19 MiB and a core


class Entrance:
    """Where tokens are bought."""

    def __init__(
        self,
        lane: Lane,
        readers: Readers,
        seats: Seats,
        now: Callable[[], datetime],
        *,
        aside: Callable[..., Awaitable[Any]] = asyncio.to_thread,
    ) -> None:
        """`aside` does work that takes long beside the loop."""
        self._lane = lane
        self._readers = readers
        self._seats = seats
        self._now = now
        self._aside = aside
        self._lockout = Lockout(now)
        self._checking = asyncio.Semaphore(_AT_ONCE)

    async def sign_in(self, user: str, password: str, *, address: str) -> Tokens:
        """The first pair; 401 for a wrong password as for an unknown user, 403 without a role, 429 while locked."""
        self._refuse_while_locked(user, address)
        stored = await self._readers.do(lambda connection: accounts.password_of(connection, user))
        async with self._checking:
            self._refuse_while_locked(user, address)  # others may have guessed while this one waited its turn
            right = await self._aside(accounts.is_right, password, stored)
            if not right:
                self._lockout.failed(user, address)
        tokens = await self._lane.do(lambda connection: self._admit(connection, user, right))
        if tokens is None:
            raise Trouble(401, "wrong_password", "Name or password is wrong.", headers={"WWW-Authenticate": "Bearer"})
        self._lockout.succeeded(user, address)
        return _bought(tokens)

    async def refresh(self, token: str) -> Tokens:
        """The next pair; 403 without a role, which leaves `token` as it was.

        A token that was used before ends everything that descends from its sign-in.
        """
        tokens = await self._lane.do(lambda connection: self._renew(connection, token))
        if tokens is None:
            raise signed_out()
        return _bought(tokens)

    def _refuse_while_locked(self, user: str, address: str) -> None:
        locked = self._lockout.seconds(user, address)
        if locked:
            title = "Too many failures: wait before you try again."
            raise Trouble(429, "locked", title, headers={"Retry-After": str(locked)})

    def _admit(self, connection: Connection, user: str, right: bool) -> Tokens | Trouble | None:
        """Trouble is given, not raised: what was noted in the audit has to stay."""
        known = roles.of(connection, user, self._now())
        if known is None:
            return None
        span = known.at(self._now())
        if span is None:
            outcome = "no_role" if right else "wrong_password"
            audit.note_nobody(connection, user, known.home, "sign_in", at=self._now(), outcome=outcome)
            return no_role() if right else None
        audit.note(connection, span.person, "sign_in", at=self._now(), outcome="ok" if right else "wrong_password")
        return self._pair(connection, span.person, str(uuid4())) if right else None

    def _renew(self, connection: Connection, token: str) -> Tokens | Trouble | None:
        row = connection.execute(select(sessions).where(sessions.c.token_hash == digest(token))).first()
        if row is None or row.expires_at <= self._now().timestamp():
            return None
        known = roles.of(connection, row.user, self._now())
        if row.used or known is None:
            connection.execute(delete(sessions).where(sessions.c.family == row.family))
            self._seats.revoke(family=row.family)
            if known is not None:
                self._note_reuse(connection, row.user, known)
            return None
        span = known.at(self._now())
        if span is None:
            return no_role()
        connection.execute(update(sessions).where(sessions.c.token_hash == row.token_hash).values(used=True))
        return self._pair(connection, span.person, row.family)

    def _note_reuse(self, connection: Connection, user: str, known: roles.Roles) -> None:
        at, span = self._now(), known.at(self._now())
        if span is None:
            audit.note_nobody(connection, user, known.home, "refresh", at=at, outcome="token_reused")
        else:
            audit.note(connection, span.person, "refresh", at=at, outcome="token_reused")

    def _pair(self, connection: Connection, person: Person, family: str) -> Tokens:
        refresh = secrets.token_urlsafe(32)
        row = {
            "token_hash": digest(refresh),
            "family": family,
            "user": person.user,
            "expires_at": (self._now() + STAYS).timestamp(),
            "used": False,
        }
        connection.execute(sessions.insert(), row)
        return Tokens(
            access=self._seats.give(person.user, family),
            refresh=refresh,
            expires_in=int(LIFE.total_seconds()),
            user=person.user,
            role=person.role.value,
            scope=asdict(person.scope),
        )


def _bought(answer: Tokens | Trouble) -> Tokens:
    if isinstance(answer, Trouble):
        raise answer
    return answer
