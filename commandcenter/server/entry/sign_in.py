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
from commandcenter.server.entry import accounts
from commandcenter.server.entry.lockout import Lockout
from commandcenter.server.entry.seats import LIFE, Seats, digest
from commandcenter.server.handling import audit
from commandcenter.server.keeping.lane import Lane
from commandcenter.server.keeping.readers import Readers
from commandcenter.server.keeping.tables import sessions
from commandcenter.server.trouble import Trouble, signed_out

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
        """The first pair; 401 for a wrong password as for an unknown user, 429 while locked."""
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
        return tokens

    async def refresh(self, token: str) -> Tokens:
        """The next pair; a token that was used before ends everything that descends from its sign-in."""
        tokens = await self._lane.do(lambda connection: self._renew(connection, token))
        if tokens is None:
            raise signed_out()
        return tokens

    def _refuse_while_locked(self, user: str, address: str) -> None:
        locked = self._lockout.seconds(user, address)
        if locked:
            title = "Too many failures: wait before you try again."
            raise Trouble(429, "locked", title, headers={"Retry-After": str(locked)})

    def _admit(self, connection: Connection, user: str, right: bool) -> Tokens | None:
        person = accounts.person_of(connection, user)
        if person is None:
            return None
        audit.note(connection, person, "sign_in", at=self._now(), outcome="ok" if right else "wrong_password")
        return self._pair(connection, person, str(uuid4())) if right else None

    def _renew(self, connection: Connection, token: str) -> Tokens | None:
        row = connection.execute(select(sessions).where(sessions.c.token_hash == digest(token))).first()
        if row is None or row.expires_at <= self._now().timestamp():
            return None
        person = accounts.person_of(connection, row.user)
        if row.used or person is None:
            connection.execute(delete(sessions).where(sessions.c.family == row.family))
            self._seats.revoke(family=row.family)
            if person is not None:
                audit.note(connection, person, "refresh", at=self._now(), outcome="token_reused")
            return None
        connection.execute(update(sessions).where(sessions.c.token_hash == row.token_hash).values(used=True))
        return self._pair(connection, person, row.family)

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
            access=self._seats.give(person, family),
            refresh=refresh,
            expires_in=int(LIFE.total_seconds()),
            user=person.user,
            role=person.role.value,
            scope=asdict(person.scope),
        )
