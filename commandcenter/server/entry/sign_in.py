"""Signing in and staying in: a password buys a pair of tokens, a refresh token buys the next pair, once."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, select, update

from commandcenter.domain.people import Person
from commandcenter.protocol.attestation import key_text
from commandcenter.protocol.frames import Tokens
from commandcenter.server.entry import accounts, roles
from commandcenter.server.entry.attestation import key_of
from commandcenter.server.entry.networks import network_of
from commandcenter.server.entry.quotas import UNKNOWN_TOKENS, Quotas
from commandcenter.server.entry.seats import Seats, digest
from commandcenter.server.entry.throttle import Throttle
from commandcenter.server.handling import audit
from commandcenter.server.keeping.lane import Lane
from commandcenter.server.keeping.readers import Readers
from commandcenter.server.keeping.site_key import SiteKey
from commandcenter.server.keeping.tables import sessions
from commandcenter.server.trouble import Trouble, no_role, signed_out

STAYS = timedelta(hours=12)  # from the password on: no refresh makes it longer
SIGN_INS_MOST = 64  # of one account at a time: the oldest ends
RENEWALS_MOST = 1_000  # of one sign-in
_AT_ONCE = 2  # passwords checked at the same time: each takes 19 MiB and a core


class Entrance:
    """Where tokens are bought."""

    def __init__(
        self,
        lane: Lane,
        readers: Readers,
        seats: Seats,
        now: Callable[[], datetime],
        site: SiteKey,
        quotas: Quotas,
        *,
        mono: Callable[[], float],
        aside: Callable[..., Awaitable[Any]] = asyncio.to_thread,
    ) -> None:
        """`quotas` says of which refusals there is a row already, and when a network shows too many unknown tokens.

        `mono`: seconds of a clock that does not jump; `aside` does work that takes long beside the loop.
        """
        self._lane = lane
        self._readers = readers
        self._seats = seats
        self._now = now
        self._site = site
        self._quotas = quotas
        self._aside = aside
        self._throttle = Throttle(mono)
        self._checking = asyncio.Semaphore(_AT_ONCE)

    async def sign_in(self, user: str, password: str, *, address: str) -> Tokens:
        """The first pair; 401 for a wrong password as for an unknown user, 403 without a role, 429 too often."""
        try:
            self._throttle.check(user, address)
            with self._throttle.trying(address):
                fitting = await self._fitting(user, password, address)
        except Trouble as refusal:
            self._note_refusal("sign_in", refusal.code, address)
            raise
        tokens = await self._lane.do(lambda connection: self._admit(connection, user, fitting, address))
        if tokens is None:
            raise Trouble(401, "wrong_password", "Name or password is wrong.", headers={"WWW-Authenticate": "Bearer"})
        self._throttle.succeeded(user, address)
        return _bought(tokens)

    async def refresh(self, token: str, *, address: str) -> Tokens:
        """The next pair; 403 without a role, which leaves `token` as it was; 429 for too many unknown ones.

        A token that was used before ends everything that descends from its sign-in, and so does twelve hours' time.
        """
        if not await self._knows(token):
            self._spend_unknown(address)
            raise signed_out()
        tokens = await self._lane.do(lambda connection: self._renew(connection, token, address))
        if tokens is None:
            raise signed_out()
        return _bought(tokens)

    async def sign_out(self, token: str, *, address: str) -> None:
        """Whatever descends from the sign-in of this refresh token ends; one that is unknown ends nothing."""
        if await self._knows(token):
            await self._lane.do(lambda connection: self._end(connection, token, address))

    async def _knows(self, token: str) -> bool:
        """Whether it is worth the writer's time: of what anybody can make up nothing comes as far."""
        return await self._readers.do(lambda connection: accounts.is_known(connection, digest(token)))

    def _spend_unknown(self, address: str) -> None:
        try:
            self._quotas.spend(network_of(address), UNKNOWN_TOKENS)
        except Trouble as spent:
            self._note_refusal("refresh", "busy", address)
            title = "Too many unknown tokens come from this address."
            raise Trouble(429, "busy", title, headers=spent.headers) from None

    async def _fitting(self, user: str, password: str, address: str) -> str | None:
        """The stored hash that `password` fits, None if it is wrong; the same work for an account that is not there."""
        stored = await self._readers.do(lambda connection: accounts.password_of(connection, user))
        async with self._checking:
            self._throttle.check(user, address)  # others may have guessed while this one waited its turn
            right: bool = await self._aside(accounts.is_right, password, stored)
            if not right:
                self._throttle.failed(user, address)
        return stored if right else None

    def _note_refusal(self, action: str, code: str, address: str) -> None:
        """A row in nobody's name, written behind the answer: of a flood one a minute from each network."""
        if self._quotas.is_news(network_of(address), f"{action} {code}"):
            note = partial(audit.note_nobody, user="", district="", action=action, at=self._now(), outcome=code)
            self._lane.submit(partial(note, record=f"address:{address}"))

    def _admit(self, connection: Connection, user: str, fitting: str | None, address: str) -> Tokens | Trouble | None:
        """Trouble is given, not raised: what was noted in the audit has to stay.

        A password that was reset while it was compared is wrong: `fitting` is the account's hash no more.
        """
        right = fitting is not None and accounts.password_of(connection, user) == fitting
        at, record = self._now(), f"address:{address}"
        known = roles.of(connection, user, at)
        if known is None:  # written down as well, or the time that it takes would tell; a name may be a password
            audit.note_nobody(connection, "", "", "sign_in", at=at, outcome="wrong_password", record=record)
            return None
        span = known.at(at)
        if span is None:
            outcome = "no_role" if right else "wrong_password"
            audit.note_nobody(connection, user, known.home, "sign_in", at=at, outcome=outcome, record=record)
            return no_role() if right else None
        outcome = "ok" if right else "wrong_password"
        audit.note(connection, span.person, "sign_in", at=at, outcome=outcome, record=record)
        return self._first_pair(connection, span.person) if right else None

    def _first_pair(self, connection: Connection, person: Person) -> Tokens:
        for family in accounts.oldest_sign_ins(connection, person.user, but=SIGN_INS_MOST - 1):
            self._forget(connection, family)
        return self._pair(connection, person, str(uuid4()), self._now() + STAYS)

    def _renew(self, connection: Connection, token: str, address: str) -> Tokens | Trouble | None:
        row = connection.execute(select(sessions).where(sessions.c.token_hash == digest(token))).first()
        if row is None or row.expires_at <= self._now().timestamp():
            return None
        known = roles.of(connection, row.user, self._now())
        if row.used or known is None:
            self._forget(connection, row.family)
            if known is not None:
                self._note(connection, row.user, known, "refresh", "token_reused", address)
            return None
        if accounts.renewals(connection, row.family) > RENEWALS_MOST:
            self._forget(connection, row.family)
            return None
        span = known.at(self._now())
        if span is None:
            return no_role()
        connection.execute(update(sessions).where(sessions.c.token_hash == row.token_hash).values(used=True))
        return self._pair(connection, span.person, row.family, datetime.fromtimestamp(row.expires_at, UTC))

    def _end(self, connection: Connection, token: str, address: str) -> None:
        row = connection.execute(select(sessions).where(sessions.c.token_hash == digest(token))).first()
        if row is None:
            return
        self._forget(connection, row.family)
        known = roles.of(connection, row.user, self._now())
        if known is not None:
            self._note(connection, row.user, known, "sign_out", "ok", address)

    def _forget(self, connection: Connection, family: str) -> None:
        connection.execute(delete(sessions).where(sessions.c.family == family))
        self._seats.revoke(family=family)

    def _note(
        self, connection: Connection, user: str, known: roles.Roles, action: str, outcome: str, address: str
    ) -> None:
        at, span, record = self._now(), known.at(self._now()), f"address:{address}"
        if span is None:
            audit.note_nobody(connection, user, known.home, action, at=at, outcome=outcome, record=record)
        else:
            audit.note(connection, span.person, action, at=at, outcome=outcome, record=record)

    def _pair(self, connection: Connection, person: Person, family: str, ends_at: datetime) -> Tokens:
        refresh = secrets.token_urlsafe(32)
        row = {
            "token_hash": digest(refresh),
            "family": family,
            "user": person.user,
            "expires_at": ends_at.timestamp(),
            "used": False,
        }
        connection.execute(sessions.insert(), row)
        access, lasts = self._seats.give(person.user, family, until=ends_at)
        return Tokens(
            access=access,
            refresh=refresh,
            expires_in=max(1, int(lasts.total_seconds())),
            user=person.user,
            role=person.role.value,
            scope=asdict(person.scope),
            attest=key_text(key_of(person, self._site)),
        )


def _bought(answer: Tokens | Trouble) -> Tokens:
    if isinstance(answer, Trouble):
        raise answer
    return answer
