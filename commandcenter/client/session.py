"""Provides a session with one platform: the signed-in user, and the requests that they make."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

import httpx
import msgspec

from commandcenter.client.errors import MalformedAnswer, NewerProtocol, NotAPlatform
from commandcenter.client.http_link import HttpLink
from commandcenter.client.identity import person_from
from commandcenter.client.responses import HttpAnswer, decode_answer
from commandcenter.client.tokens import TokenHolder
from commandcenter.domain.people import Person
from commandcenter.protocol import VERSION, paths
from commandcenter.protocol.codec import encode
from commandcenter.protocol.limits import SILENCE
from commandcenter.protocol.media import CURSOR_TOKEN
from commandcenter.protocol.messages import Hello, SignInRequest, TokenPair
from commandcenter.protocol.validity import is_believable

T = TypeVar("T")


class Session:
    """A session with the platform at `url`; `person` is who signed in, None before that.

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
        self.mono = mono
        self.silence = silence
        self.person: Person | None = None
        self._link = HttpLink(url, mono=mono, transport=transport, silence=silence)
        self._tokens = TokenHolder(self._link)

    @property
    def url(self) -> str:
        """The address of the platform."""
        return self._link.url

    @property
    def round_trip(self) -> float | None:
        """How long the last complete answer took, in seconds; None before the first."""
        return self._link.round_trip

    @property
    def attestation_key(self) -> str | None:
        """The platform's key for attesting this user's acts (base64); None when it issued none."""
        return self._tokens.attestation_key

    @property
    def is_expiring(self) -> bool:
        """Whether the access token has expired or is about to."""
        return self._tokens.is_expiring

    def move(self, url: str) -> None:
        """Uses `url` from now on as the address of the same platform."""
        self._link.move(url)

    async def sign_in(self, user: str, password: str) -> Person:
        """Signs in and returns the person. Raises Declined (wrong_password, locked …) when the platform refuses."""
        body = encode(SignInRequest(user=user, password=password))
        answer = await self._link.exchange("POST", paths.SIGN_IN, body=body)
        tokens = decode_answer(answer, TokenPair, otherwise=NotAPlatform)
        person = person_from(tokens.user, tokens.role, tokens.scope, tokens.own_grid)
        if person.user != user:
            raise NotAPlatform("it seats somebody else")
        self._tokens.hold(tokens)
        self.person = person
        return person

    async def hello(self, cursor_token: str | None = None) -> Hello:
        """Returns the platform's identity and log position. Raises NewerProtocol when it requires a newer console.

        `cursor_token` is the newest one it issued, by which it detects that its log was set back since.
        """
        shown = {} if cursor_token is None else {CURSOR_TOKEN: cursor_token}
        answer = await self.request("GET", paths.HELLO, headers=shown)
        least = decode_answer(answer, _MinClient, otherwise=NotAPlatform).min_client
        if least > VERSION:
            raise NewerProtocol(f"{least} > {VERSION}")
        hello = decode_answer(answer, Hello)
        if not all(is_believable(moment) for moment in (hello.now, hello.since) if moment is not None):
            raise MalformedAnswer("a platform at a moment that no clock shows")
        return hello

    async def ask(self, method: str, path: str, shape: type[T], **how: Any) -> T:
        """Sends a request and returns the answer decoded as `shape`. Raises PlatformFault for anything else."""
        return decode_answer(await self.request(method, path, **how), shape)

    async def request(self, method: str, path: str, **how: Any) -> HttpAnswer:
        """Sends a request (`how`: body, params, headers); repeats it once with a new token if the old is refused."""
        return await self._tokens.authorized(lambda token: self._link.exchange(method, path, token=token, **how))

    @asynccontextmanager
    async def opened(self, path: str, *, media: str, headers: Mapping[str, str]) -> AsyncIterator[AsyncIterator[bytes]]:
        """Yields the body of a GET of the media type `media` as it arrives. Raises PlatformFault when it breaks off."""
        async with AsyncExitStack() as stack:

            def attempt(token: str) -> Awaitable[AsyncIterator[bytes]]:
                return stack.enter_async_context(self._link.opened(path, token=token, media=media, headers=headers))

            yield await self._tokens.authorized(attempt)

    async def close(self) -> None:
        """Signs out and closes the connections; a pending token renewal is cancelled first."""
        await self._tokens.close()
        await self._link.close()


class _MinClient(msgspec.Struct, frozen=True):
    """The part of a hello that every protocol version has: the oldest console that it supports."""

    min_client: int
