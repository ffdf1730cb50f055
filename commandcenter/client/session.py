"""A seat's session with one platform: who is signed in, the tokens, and every request that goes out."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx
import msgspec

from commandcenter.client.address import checked
from commandcenter.client.answers import LARGEST, Answer, expect_json, read_through, whole, without_answer
from commandcenter.client.errors import (
    Garbled,
    NewerProtocol,
    NotAPlatform,
    SignedOut,
    Unreachable,
    WorldFault,
    moment_of,
)
from commandcenter.client.seated import seated
from commandcenter.domain.people import Person
from commandcenter.protocol import VERSION, paths
from commandcenter.protocol.codec import Unreadable, decode, encode
from commandcenter.protocol.frames import Hello, Renewal, SignIn, Tokens
from commandcenter.protocol.sound import is_believable

T = TypeVar("T")
SILENCE = 25.0
FAREWELL = 1.0  # seconds that signing out may take: nobody waits for it longer
_WHOLE = 4  # times the silence after which a stream is dead: how long a whole answer may take
_LONGEST_TOKEN, _LONGEST_LIFE = 4096, 7 * 86400


class Session:
    """Requests to the platform at `url`, signed with an access token that is renewed in time, once for all who ask.

    `transport` replaces the network in tests; `mono` is a clock in seconds that does not jump.
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
        address = checked(url)
        self._http = httpx.AsyncClient(
            base_url=address,
            verify=trust(address),
            trust_env=False,
            follow_redirects=False,
            transport=transport,
            timeout=httpx.Timeout(10.0, connect=5.0, read=silence),
            headers={"user-agent": "commandcenter", "accept-encoding": "identity"},
        )
        self._tokens: Tokens | None = None
        self._renew_at = 0.0
        self._renewal: asyncio.Task[None] | None = None
        self.person: Person | None = None
        self.round_trip: float | None = None

    @property
    def url(self) -> str:
        """Where the platform is."""
        return str(self._http.base_url).rstrip("/")

    @property
    def attestation_key(self) -> str | None:
        """What the platform gave for attesting what is done here (base64); None when it gave nothing."""
        return None if self._tokens is None else self._tokens.attest

    @property
    def is_expiring(self) -> bool:
        """Whether the access token has run out or is about to."""
        return self.mono() >= self._renew_at

    def move(self, url: str) -> None:
        """The same platform answers at another address from now on."""
        self._http.base_url = httpx.URL(checked(url))

    async def sign_in(self, user: str, password: str) -> Person:
        """The person behind name and password; Declined (wrong_password, locked …) when the platform says no."""
        answer = await self._exchange("POST", paths.SIGN_IN, body=encode(SignIn(user=user, password=password)))
        tokens = _read(answer, Tokens, else_=NotAPlatform)
        person = seated(tokens.user, tokens.role, tokens.scope)
        if person.user != user:
            raise NotAPlatform("it seats somebody else")
        self._hold(tokens)
        self.person = person
        return person

    async def hello(self, cursor_token: str | None = None) -> Hello:
        """Who the platform is and where its log stands; NewerProtocol when this console is too old for it.

        `cursor_token`: the newest that it gave, by which it finds out whether it was set back since.
        """
        shown = {} if cursor_token is None else {"cursor-token": cursor_token}
        answer = await self.request("GET", paths.HELLO, headers=shown)
        least = _read(answer, _Least, else_=NotAPlatform).min_client
        if least > VERSION:
            raise NewerProtocol(f"{least} > {VERSION}")
        hello = _read(answer, Hello)
        if not all(is_believable(moment) for moment in (hello.now, hello.since) if moment is not None):
            raise Garbled("a platform at a moment that no clock shows")
        return hello

    async def ask(self, method: str, path: str, shape: type[T], **how: Any) -> T:
        """The answer read as `shape`; raises a WorldFault for anything else."""
        return _read(await self.request(method, path, **how), shape)

    async def request(self, method: str, path: str, **how: Any) -> Answer:
        """A signed request; `how`: body, params, headers. Once more with a new token when the old one had run out."""
        token = await self._access()
        try:
            return await self._exchange(method, path, token=token, **how)
        except SignedOut:
            token = await self._renewed(token)
            return await self._exchange(method, path, token=token, **how)

    @asynccontextmanager
    async def opened(self, path: str, *, media: str, headers: Mapping[str, str]) -> AsyncIterator[AsyncIterator[bytes]]:
        """The body of a signed GET as it arrives, of the media type `media`; a WorldFault if it breaks off."""
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
                    async with read_through(response) as body:
                        yield body
                    return
            token = await self._renewed(token)

    async def close(self) -> None:
        """Sign out and hang up; a renewal that nobody waits for any more ends first."""
        if self._renewal is not None and not self._renewal.done():
            self._renewal.cancel()
            await asyncio.wait({self._renewal})
        await self._sign_out()
        await self._http.aclose()

    async def _sign_out(self) -> None:
        """The sign-in has ended here, and on the platform as well if that can be told at once."""
        tokens, self._tokens = self._tokens, None
        if tokens is not None:
            with suppress(WorldFault, TimeoutError):
                async with asyncio.timeout(FAREWELL):
                    await self._exchange("POST", paths.SIGN_OUT, body=encode(Renewal(refresh=tokens.refresh)))

    async def _exchange(self, method: str, path: str, **how: Any) -> Answer:
        request = self._build(method, path, **how)
        sent_at = self.mono()
        async with self._in_time(), self._sent(request) as response:
            async with read_through(response) as chunks:
                body = await whole(chunks, LARGEST)
            self.round_trip = self.mono() - sent_at
            return expect_json(Answer(response.status_code, response.headers, body), self._date(response))

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
        sent = {"accept": "application/json", **(headers or {})}
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        if body is not None:
            sent["content-type"] = "application/json"
        return self._http.build_request(method, path, content=body, params=params, headers=sent)

    @asynccontextmanager
    async def _sent(self, request: httpx.Request) -> AsyncIterator[httpx.Response]:
        """The response; whatever httpx raises, also while its body is read, becomes a fault of the world."""
        if self._http.is_closed:
            raise Unreachable("this session has ended", code="closed")
        try:
            response = await self._http.send(request, stream=True)
            try:
                yield response
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as wrong:
            raise without_answer(wrong, self.url) from wrong

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        """An answer that comes drop by drop is none."""
        try:
            async with asyncio.timeout(_WHOLE * self.silence):
                yield
        except TimeoutError:
            raise Unreachable(self.url, code="timed_out") from None

    async def _accept(self, response: httpx.Response, media: str) -> None:
        found = response.headers.get("content-type", "").split(";")[0].strip()
        if response.status_code == 200 and found == media:
            return
        async with read_through(response) as chunks:
            body = await whole(chunks, LARGEST)
        expect_json(Answer(response.status_code, response.headers, body), self._date(response))
        raise NotAPlatform(f"{found or 'nothing'} instead of {media}")

    def _date(self, response: httpx.Response) -> datetime:
        """Now as the other side says it: what a Retry-After date is measured from; this machine's without a date."""
        return moment_of(response.headers.get("date", "")) or datetime.now(UTC)

    async def _access(self) -> str:
        if self._tokens is None:
            raise SignedOut("nobody is signed in")
        if self.is_expiring:
            return await self._renewed(self._tokens.access)
        return self._tokens.access

    async def _renewed(self, spent: str) -> str:
        """The access token that follows `spent`; shielded, for a rotation that is cut off would end the session."""
        if self._tokens is not None and self._tokens.access != spent:
            return self._tokens.access
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.get_running_loop().create_task(self._renew(), name="renew the sign-in")
            self._renewal.add_done_callback(_looked_at)
        try:
            await asyncio.shield(self._renewal)
        except asyncio.CancelledError:
            asking = asyncio.current_task()
            if not self._renewal.cancelled() or (asking is not None and asking.cancelling()):
                raise
            raise SignedOut("this sign-in was hung up") from None  # the renewal was ended, not who waits for it
        if self._tokens is None:
            raise SignedOut("the sign-in has run out")
        return self._tokens.access

    async def _renew(self) -> None:
        if self._tokens is None:
            raise SignedOut("nobody is signed in")
        try:
            answer = await self._exchange("POST", paths.REFRESH, body=encode(Renewal(refresh=self._tokens.refresh)))
            self._hold(_read(answer, Tokens))
        except SignedOut:
            self._tokens = None
            raise
        except WorldFault as wrong:
            wrong.of_sign_in = True
            raise

    def _hold(self, tokens: Tokens) -> None:
        if not (0 < len(tokens.access) <= _LONGEST_TOKEN and tokens.access.isascii() and tokens.access.isprintable()):
            raise Garbled("a token that no request can carry")
        lasts = min(max(tokens.expires_in, 0), _LONGEST_LIFE)
        self._tokens = tokens
        self._renew_at = self.mono() + lasts - min(30.0, lasts / 4)


def trust(address: str) -> ssl.SSLContext:
    """The machine's certificates; for the loopback, which needs none, a context that trusts nobody, at no cost."""
    if address.startswith("http:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return ssl.create_default_context()


def _looked_at(renewal: "asyncio.Task[None]") -> None:
    """Whoever waited for it may have gone: its fault is not an error that nobody saw."""
    if not renewal.cancelled():
        renewal.exception()


class _Least(msgspec.Struct, frozen=True):
    """What a hello of every protocol says: the oldest console that it will talk to."""

    min_client: int


def _read(answer: Answer, shape: type[T], else_: type[WorldFault] = Garbled) -> T:
    try:
        return decode(answer.body, shape)
    except Unreadable as wrong:
        raise else_("JSON" if else_ is NotAPlatform else str(wrong)) from wrong
