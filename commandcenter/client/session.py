"""Provides a session with one platform: the signed-in user, the tokens, and every request that goes out."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
import msgspec

from commandcenter.client.address import checked_address
from commandcenter.client.errors import (
    MalformedAnswer,
    NewerProtocol,
    NotAPlatform,
    PlatformFault,
    SignedOut,
    Unreachable,
    moment_of,
)
from commandcenter.client.identity import person_from
from commandcenter.client.responses import LARGEST, HttpAnswer, error_of_exception, expect_json, open_body, read_body
from commandcenter.domain.people import Person
from commandcenter.protocol import VERSION, paths
from commandcenter.protocol.codec import Unreadable, decode, encode
from commandcenter.protocol.limits import SILENCE
from commandcenter.protocol.media import CURSOR_TOKEN, JSON, media_of
from commandcenter.protocol.messages import Hello, RefreshRequest, SignInRequest, TokenPair
from commandcenter.protocol.validity import is_believable

T = TypeVar("T")
SIGN_OUT_TIMEOUT = 1.0  # seconds that signing out may take at most
_WHOLE = 4  # a complete answer may take this many times the silence limit
_LONGEST_TOKEN, _LONGEST_LIFE = 4096, 7 * 86400


class Session:
    """A session with the platform at `url`. Its access token is renewed in time, once for all waiting requests.

    `transport` replaces the network in tests; `mono` is a monotonic clock in seconds; a connection that delivers
    nothing for `silence` seconds is dead.
    """

    def __init__(
        self,
        url: str,
        *,
        mono: Callable[[], float],
        transport: httpx.AsyncBaseTransport | None = None,
        silence: float = SILENCE,
    ) -> None:
        self.silence = silence
        self.mono = mono
        address = checked_address(url)
        self._http = httpx.AsyncClient(
            base_url=address,
            verify=tls_context(address),
            trust_env=False,
            follow_redirects=False,
            transport=transport,
            timeout=httpx.Timeout(10.0, connect=5.0, read=silence),
            headers={"user-agent": "commandcenter", "accept-encoding": "identity"},
        )
        self._tokens: TokenPair | None = None
        self._renew_at = 0.0
        self._renewal: asyncio.Task[None] | None = None
        self.person: Person | None = None
        self.round_trip: float | None = None

    @property
    def url(self) -> str:
        """The address of the platform."""
        return str(self._http.base_url).rstrip("/")

    @property
    def attestation_key(self) -> str | None:
        """The platform's key for attesting this user's acts (base64); None when it issued none."""
        return None if self._tokens is None else self._tokens.attest

    @property
    def is_expiring(self) -> bool:
        """Whether the access token has expired or is about to."""
        return self.mono() >= self._renew_at

    def move(self, url: str) -> None:
        """Uses `url` from now on as the address of the same platform."""
        self._http.base_url = httpx.URL(checked_address(url))

    async def sign_in(self, user: str, password: str) -> Person:
        """Signs in and returns the person. Raises Declined (wrong_password, locked …) when the platform refuses."""
        answer = await self._exchange("POST", paths.SIGN_IN, body=encode(SignInRequest(user=user, password=password)))
        tokens = _read(answer, TokenPair, else_=NotAPlatform)
        person = person_from(tokens.user, tokens.role, tokens.scope)
        if person.user != user:
            raise NotAPlatform("it seats somebody else")
        self._hold(tokens)
        self.person = person
        return person

    async def hello(self, cursor_token: str | None = None) -> Hello:
        """Returns the platform's identity and log position. Raises NewerProtocol when it requires a newer console.

        `cursor_token` is the newest one it issued, by which it detects that its log was set back since.
        """
        shown = {} if cursor_token is None else {CURSOR_TOKEN: cursor_token}
        answer = await self.request("GET", paths.HELLO, headers=shown)
        least = _read(answer, _MinClient, else_=NotAPlatform).min_client
        if least > VERSION:
            raise NewerProtocol(f"{least} > {VERSION}")
        hello = _read(answer, Hello)
        if not all(is_believable(moment) for moment in (hello.now, hello.since) if moment is not None):
            raise MalformedAnswer("a platform at a moment that no clock shows")
        return hello

    async def ask(self, method: str, path: str, shape: type[T], **how: Any) -> T:
        """Sends a request and returns the answer decoded as `shape`. Raises PlatformFault for anything else."""
        return _read(await self.request(method, path, **how), shape)

    async def request(self, method: str, path: str, **how: Any) -> HttpAnswer:
        """Sends a request (`how`: body, params, headers); repeats it once with a new token if the old is refused."""
        token = await self._access()
        try:
            return await self._exchange(method, path, token=token, **how)
        except SignedOut:
            token = await self._renewed(token)
            return await self._exchange(method, path, token=token, **how)

    @asynccontextmanager
    async def opened(self, path: str, *, media: str, headers: Mapping[str, str]) -> AsyncIterator[AsyncIterator[bytes]]:
        """Yields the body of a GET of the media type `media` as it arrives. Raises PlatformFault when it breaks off."""
        token = await self._access()
        for last in (False, True):
            request = self._build("GET", path, token=token, headers={**headers, "accept": media})
            async with self._sent(request) as response:
                try:
                    await self._accept(response, media)
                except SignedOut:
                    if last:
                        raise
                else:
                    async with open_body(response) as body:
                        yield body
                    return
            token = await self._renewed(token)

    async def close(self) -> None:
        """Signs out and closes the connections; a pending token renewal is cancelled first."""
        if self._renewal is not None and not self._renewal.done():
            self._renewal.cancel()
            await asyncio.wait({self._renewal})
        await self._sign_out()
        await self._http.aclose()

    async def _sign_out(self) -> None:
        """Forgets the tokens, and ends the sign-in on the platform when it answers within SIGN_OUT_TIMEOUT seconds."""
        tokens, self._tokens = self._tokens, None
        if tokens is not None:
            with suppress(PlatformFault, TimeoutError):
                async with asyncio.timeout(SIGN_OUT_TIMEOUT):
                    await self._exchange("POST", paths.SIGN_OUT, body=encode(RefreshRequest(refresh=tokens.refresh)))

    async def _exchange(self, method: str, path: str, **how: Any) -> HttpAnswer:
        request = self._build(method, path, **how)
        sent_at = self.mono()
        async with self._in_time(), self._sent(request) as response:
            async with open_body(response) as chunks:
                body = await read_body(chunks, LARGEST)
            self.round_trip = self.mono() - sent_at
            return expect_json(HttpAnswer(response.status_code, response.headers, body), self._date(response))

    def _build(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        body: bytes | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Request:
        sent = {"accept": JSON, **(headers or {})}
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        if body is not None:
            sent["content-type"] = JSON
        return self._http.build_request(method, path, content=body, params=params, headers=sent)

    @asynccontextmanager
    async def _sent(self, request: httpx.Request) -> AsyncIterator[httpx.Response]:
        """Yields the response. Whatever httpx raises, also while the body is read, becomes a PlatformFault."""
        if self._http.is_closed:
            raise Unreachable("this session has ended", code="closed")
        try:
            response = await self._http.send(request, stream=True)
            try:
                yield response
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as wrong:
            raise error_of_exception(wrong, self.url) from wrong

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        """Limits the time for a complete answer, since one that arrives byte by byte never counts as silent."""
        try:
            async with asyncio.timeout(_WHOLE * self.silence):
                yield
        except TimeoutError:
            raise Unreachable(self.url, code="timed_out") from None

    async def _accept(self, response: httpx.Response, media: str) -> None:
        found = media_of(response.headers.get("content-type"))
        if response.status_code == 200 and found == media:
            return
        async with open_body(response) as chunks:
            body = await read_body(chunks, LARGEST)
        expect_json(HttpAnswer(response.status_code, response.headers, body), self._date(response))
        raise NotAPlatform(f"{found or 'nothing'} instead of {media}")

    def _date(self, response: httpx.Response) -> datetime:
        """Returns the server's time, from which a Retry-After date is measured; this machine's without one."""
        return moment_of(response.headers.get("date", "")) or datetime.now(UTC)

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
        try:
            answer = await self._exchange(
                "POST", paths.REFRESH, body=encode(RefreshRequest(refresh=self._tokens.refresh))
            )
        except SignedOut:
            self._tokens = None
            raise
        self._hold(_read(answer, TokenPair))

    def _hold(self, tokens: TokenPair) -> None:
        if not (0 < len(tokens.access) <= _LONGEST_TOKEN and tokens.access.isascii() and tokens.access.isprintable()):
            raise MalformedAnswer("a token that no request can carry")
        lasts = min(max(tokens.expires_in, 0), _LONGEST_LIFE)
        self._tokens = tokens
        self._renew_at = self.mono() + lasts - min(30.0, lasts / 4)


def tls_context(address: str) -> ssl.SSLContext:
    """Returns a TLS context with the system's certificates; for plain http a cheap one without any."""
    if address.startswith("http:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return ssl.create_default_context()


def _retrieve_exception(renewal: "asyncio.Task[None]") -> None:
    """Retrieves the renewal's exception: when its callers are gone, asyncio would log it as never retrieved."""
    if not renewal.cancelled():
        renewal.exception()


class _MinClient(msgspec.Struct, frozen=True):
    """The part of a hello that every protocol version has: the oldest console that it supports."""

    min_client: int


def _read(answer: HttpAnswer, shape: type[T], else_: type[PlatformFault] = MalformedAnswer) -> T:
    try:
        return decode(answer.body, shape)
    except Unreadable as wrong:
        raise else_("JSON" if else_ is NotAPlatform else str(wrong)) from wrong
