"""Sign-in and refresh: a password is exchanged for a pair of tokens, each refresh token once for the next pair."""

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
from commandcenter.protocol import codes
from commandcenter.protocol.attestation import key_text
from commandcenter.protocol.messages import TokenPair
from commandcenter.server.auth import accounts, roles
from commandcenter.server.auth.access_tokens import AccessTokens, digest
from commandcenter.server.auth.attestation_keys import key_of
from commandcenter.server.auth.networks import network_of
from commandcenter.server.auth.quotas import NO_ROLE_TRACED, UNKNOWN_TOKENS, Quotas
from commandcenter.server.auth.throttle import Throttle
from commandcenter.server.errors import HttpProblem, no_role, unauthenticated
from commandcenter.server.storage import audit
from commandcenter.server.storage.readers import Readers
from commandcenter.server.storage.settings import SIGN_IN_HOURS, SettingValues
from commandcenter.server.storage.site_key import SiteKey
from commandcenter.server.storage.tables import sessions
from commandcenter.server.storage.writer import Writer

SIGN_INS_MOST = 64  # of one account at a time: one more ends the oldest
RENEWALS_MOST = 1_000  # of one sign-in
_AT_ONCE = 2  # passwords checked at the same time: each takes 19 MiB and a core


class SignInService:
    """Issues pairs of an access token and a refresh token."""

    def __init__(
        self,
        writer: Writer,
        readers: Readers,
        seats: AccessTokens,
        now: Callable[[], datetime],
        site: SiteKey,
        quotas: Quotas,
        settings: SettingValues,
        *,
        mono: Callable[[], float],
        aside: Callable[..., Awaitable[Any]] = asyncio.to_thread,
    ) -> None:
        """`quotas` knows which refusals are audited already, and when a network sends too many unknown tokens.

        `mono` returns the seconds of a clock that does not jump; `aside` runs slow work off the event loop.
        """
        self._writer = writer
        self._readers = readers
        self._seats = seats
        self._now = now
        self._site = site
        self._quotas = quotas
        self._settings = settings
        self._aside = aside
        self._throttle = Throttle(mono, settings)
        self._checking = asyncio.Semaphore(_AT_ONCE)

    async def sign_in(self, user: str, password: str, *, address: str) -> TokenPair:
        """Returns the first pair of tokens of a new sign-in.

        Raises HttpProblem 401 for a wrong password as for an unknown user, 403 without a role, 429 after too many
        attempts.
        """
        try:
            self._throttle.check(user, address)
            with self._throttle.trying(address):
                verified = await self._verified_hash(user, password, address)
        except HttpProblem as refusal:
            self._audit_refusal("sign_in", refusal.code, address)
            raise
        tokens = await self._writer.do(lambda connection: self._admit(connection, user, verified, address))
        if tokens is None:
            raise HttpProblem(
                401, "wrong_password", "Name or password is wrong.", headers={"WWW-Authenticate": "Bearer"}
            )
        self._throttle.succeeded(user, address)
        return _pair_or_raise(tokens)

    async def refresh(self, token: str, *, address: str) -> TokenPair:
        """Returns the next pair of tokens.

        Raises HttpProblem 401 when `token` is unknown or expired, or was used before: then the whole sign-in ends.
        Raises HttpProblem 403 without a role, which leaves `token` usable, and 429 when the network of `address` sends
        too many unknown tokens. A sign-in also ends after so many hours as are set.
        """
        if not await self._is_known(token):
            self._spend_unknown(address)
            raise unauthenticated()
        tokens = await self._writer.do(lambda connection: self._renew(connection, token, address))
        if tokens is None:
            raise unauthenticated()
        return _pair_or_raise(tokens)

    async def sign_out(self, token: str, *, address: str) -> None:
        """Ends the sign-in of this refresh token; an unknown token ends nothing."""
        if await self._is_known(token):
            await self._writer.do(lambda connection: self._end(connection, token, address))

    async def _is_known(self, token: str) -> bool:
        """Returns whether the refresh token is stored; a token that is made up must not cost the writer time."""
        return await self._readers.do(lambda connection: accounts.is_known(connection, digest(token)))

    def _spend_unknown(self, address: str) -> None:
        """Counts an unknown token of the network; raises HttpProblem 429 (busy) when there are too many."""
        try:
            self._quotas.spend(network_of(address), UNKNOWN_TOKENS)
        except HttpProblem as spent:
            self._audit_refusal("refresh", codes.BUSY, address)
            title = "Too many unknown tokens come from this address."
            raise HttpProblem(429, codes.BUSY, title, headers=spent.headers) from None

    async def _verified_hash(self, user: str, password: str, address: str) -> str | None:
        """Returns the stored hash that `password` matches; None if it is wrong.

        Does the same work for an account that does not exist.
        """
        stored = await self._readers.do(lambda connection: accounts.password_of(connection, user))
        async with self._checking:
            self._throttle.check(user, address)  # other attempts may have failed while this one waited
            right: bool = await self._aside(accounts.verify_password, password, stored)
            if not right:
                self._throttle.failed(user, address)
        return stored if right else None

    def _audit_refusal(self, action: str, code: str, address: str) -> None:
        """Queues an audit row in nobody's name; of a flood at most one a minute and network."""
        if self._quotas.is_news(network_of(address), f"{action} {code}"):
            note = partial(audit.note_without_role, user="", district="", action=action, at=self._now(), outcome=code)
            self._writer.submit(partial(note, record=f"address:{address}"))

    def _admit(
        self, connection: Connection, user: str, verified: str | None, address: str
    ) -> TokenPair | HttpProblem | None:
        """Returns an HttpProblem instead of raising it: an exception would roll back the audit.

        A password that was reset while it was verified is wrong: `verified` is no longer the account's hash.
        """
        right = verified is not None and accounts.password_of(connection, user) == verified
        at, record = self._now(), f"address:{address}"
        known = roles.role_history(connection, user, at)
        if known is None:  # audited too, so that timing reveals nothing; unnamed, as a name may be a password
            audit.note_without_role(connection, "", "", "sign_in", at=at, outcome="wrong_password", record=record)
            return None
        span = known.at(at)
        if span is None:
            outcome = codes.NO_ROLE if right else "wrong_password"
            audit.note_without_role(connection, user, known.home, "sign_in", at=at, outcome=outcome, record=record)
            return no_role() if right else None
        outcome = "ok" if right else "wrong_password"
        audit.note(connection, span.person, "sign_in", at=at, outcome=outcome, record=record)
        return self._first_pair(connection, span.person) if right else None

    def _first_pair(self, connection: Connection, person: Person) -> TokenPair:
        for family in accounts.oldest_sign_ins(connection, person.user, but=SIGN_INS_MOST - 1):
            self._forget(connection, family)
        ends_at = self._now() + timedelta(hours=self._settings[SIGN_IN_HOURS])  # no refresh extends it
        return self._pair(connection, person, str(uuid4()), ends_at)

    def _renew(self, connection: Connection, token: str, address: str) -> TokenPair | HttpProblem | None:
        row = connection.execute(select(sessions).where(sessions.c.token_hash == digest(token))).first()
        if row is None or row.expires_at <= self._now().timestamp():
            return None
        known = roles.role_history(connection, row.user, self._now())
        if row.used or known is None:
            self._forget(connection, row.family)
            self._note(connection, row.user, "refresh", "token_reused", address)
            return None
        if accounts.renewals(connection, row.family) > RENEWALS_MOST:
            self._forget(connection, row.family)
            return None
        span = known.at(self._now())
        if span is None:
            if self._quotas.is_news(row.user, "refresh", seconds=NO_ROLE_TRACED):
                self._note(connection, row.user, "refresh", codes.NO_ROLE, address)
            return no_role()
        connection.execute(update(sessions).where(sessions.c.token_hash == row.token_hash).values(used=True))
        return self._pair(connection, span.person, row.family, datetime.fromtimestamp(row.expires_at, UTC))

    def _end(self, connection: Connection, token: str, address: str) -> None:
        row = connection.execute(select(sessions).where(sessions.c.token_hash == digest(token))).first()
        if row is None:
            return
        self._forget(connection, row.family)
        self._note(connection, row.user, "sign_out", "ok", address)

    def _forget(self, connection: Connection, family: str) -> None:
        connection.execute(delete(sessions).where(sessions.c.family == family))
        self._seats.revoke(family=family)

    def _note(self, connection: Connection, user: str, action: str, outcome: str, address: str) -> None:
        roles.note(connection, user, action, now=self._now(), outcome=outcome, record=f"address:{address}")

    def _pair(self, connection: Connection, person: Person, family: str, ends_at: datetime) -> TokenPair:
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
        return TokenPair(
            access=access,
            refresh=refresh,
            expires_in=max(1, int(lasts.total_seconds())),
            user=person.user,
            role=person.role.value,
            scope=asdict(person.scope),
            own_grid=person.own_grid,
            attest=key_text(key_of(person, self._site)),
        )


def _pair_or_raise(answer: TokenPair | HttpProblem) -> TokenPair:
    if isinstance(answer, HttpProblem):
        raise answer
    return answer
