"""Holds the tokens of a sign-in and renews them in time, once for all waiting requests."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from commandcenter.client.errors import MalformedAnswer, PlatformFault, SignedOut
from commandcenter.client.http_link import HttpLink
from commandcenter.client.responses import decode_answer
from commandcenter.protocol import paths
from commandcenter.protocol.codec import encode
from commandcenter.protocol.messages import RefreshRequest, TokenPair

T = TypeVar("T")
SIGN_OUT_TIMEOUT = 1.0  # seconds that signing out may take at most
_LONGEST_TOKEN, _LONGEST_LIFE = 4096, 7 * 86400


class TokenHolder:
    """The tokens of a sign-in at the platform behind `link`; it holds none before `hold` and after `close`."""

    def __init__(self, link: HttpLink) -> None:
        self._link = link
        self._tokens: TokenPair | None = None
        self._renew_at = 0.0
        self._renewal: asyncio.Task[None] | None = None

    @property
    def attestation_key(self) -> str | None:
        """The platform's key for attesting this user's acts (base64); None when it issued none."""
        return None if self._tokens is None else self._tokens.attest

    @property
    def is_expiring(self) -> bool:
        """Whether the access token has expired or is about to."""
        return self._link.mono() >= self._renew_at

    def hold(self, tokens: TokenPair) -> None:
        """Uses `tokens` from now on. Raises MalformedAnswer when no request can carry the access token."""
        if not (0 < len(tokens.access) <= _LONGEST_TOKEN and tokens.access.isascii() and tokens.access.isprintable()):
            raise MalformedAnswer("a token that no request can carry")
        lasts = min(max(tokens.expires_in, 0), _LONGEST_LIFE)
        self._tokens = tokens
        self._renew_at = self._link.mono() + lasts - min(30.0, lasts / 4)

    async def authorized(self, request: Callable[[str], Awaitable[T]]) -> T:
        """Returns the result of `request`, called with the access token; once more with a new one if that is refused.

        Raises SignedOut when there is no token, or no new one.
        """
        token = await self._access()
        try:
            return await request(token)
        except SignedOut:
            return await request(await self._renewed(token))

    async def close(self) -> None:
        """Signs out; a pending renewal is cancelled first."""
        if self._renewal is not None and not self._renewal.done():
            self._renewal.cancel()
            await asyncio.wait({self._renewal})
        await self._sign_out()

    async def _sign_out(self) -> None:
        """Forgets the tokens, and ends the sign-in on the platform when it answers within SIGN_OUT_TIMEOUT seconds."""
        tokens, self._tokens = self._tokens, None
        if tokens is not None:
            with suppress(PlatformFault, TimeoutError):
                async with asyncio.timeout(SIGN_OUT_TIMEOUT):
                    body = encode(RefreshRequest(refresh=tokens.refresh))
                    await self._link.exchange("POST", paths.SIGN_OUT, body=body)

    async def _access(self) -> str:
        if self._tokens is None:
            raise SignedOut("nobody is signed in")
        if self.is_expiring:
            return await self._renewed(self._tokens.access)
        return self._tokens.access

    async def _renewed(self, spent: str) -> str:
        """Returns the access token after `spent`; shielded, since an interrupted rotation would end the sign-in."""
        if self._tokens is not None and self._tokens.access != spent:
            return self._tokens.access
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.get_running_loop().create_task(self._renew(), name="renew the sign-in")
            self._renewal.add_done_callback(_retrieve_exception)
        try:
            await asyncio.shield(self._renewal)
        except asyncio.CancelledError:
            asking = asyncio.current_task()
            if not self._renewal.cancelled() or (asking is not None and asking.cancelling()):
                raise
            raise SignedOut("this sign-in was hung up") from None  # the renewal was cancelled, not this caller
        if self._tokens is None:
            raise SignedOut("the sign-in has run out")
        return self._tokens.access

    async def _renew(self) -> None:
        if self._tokens is None:
            raise SignedOut("nobody is signed in")
        body = encode(RefreshRequest(refresh=self._tokens.refresh))
        try:
            answer = await self._link.exchange("POST", paths.REFRESH, body=body)
            self.hold(decode_answer(answer, TokenPair))
        except SignedOut:
            self._tokens = None
            raise
        except PlatformFault as fault:
            fault.of_sign_in = True
            raise


def _retrieve_exception(renewal: "asyncio.Task[None]") -> None:
    """Retrieves the renewal's exception: when its callers are gone, asyncio would log it as never retrieved."""
    if not renewal.cancelled():
        renewal.exception()
