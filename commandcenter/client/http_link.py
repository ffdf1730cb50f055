"""Sends HTTP requests to one platform and receives its answers, complete or as they arrive."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx

from commandcenter.client.address import checked_address
from commandcenter.client.errors import NotAPlatform, Unreachable, moment_of
from commandcenter.client.responses import LARGEST, HttpAnswer, error_of_exception, expect_json, open_body, read_body
from commandcenter.protocol.media import JSON, media_of

_WHOLE = 4  # a complete answer may take this many times the silence limit


class HttpLink:
    """The connections to the platform at `url`. What fails on them is raised as a PlatformFault.

    `transport` replaces the network in tests; `mono` is a monotonic clock in seconds; a connection that delivers
    nothing for `silence` seconds is dead. `round_trip`: how long the last complete answer took, in seconds.
    """

    def __init__(
        self, url: str, *, mono: Callable[[], float], transport: httpx.AsyncBaseTransport | None, silence: float
    ) -> None:
        self.mono = mono
        self.silence = silence
        self.round_trip: float | None = None
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

    @property
    def url(self) -> str:
        """The address of the platform."""
        return str(self._http.base_url).rstrip("/")

    def move(self, url: str) -> None:
        """Uses `url` from now on as the address of the same platform."""
        self._http.base_url = httpx.URL(checked_address(url))

    async def exchange(self, method: str, path: str, **how: Any) -> HttpAnswer:
        """Sends a request (`how`: token, body, params, headers) and returns the complete answer, a success."""
        request = self._build(method, path, **how)
        sent_at = self.mono()
        async with self._in_time(), self._sent(request) as response:
            answer = await self._whole(response)
            self.round_trip = self.mono() - sent_at
            return expect_json(answer, _date(response))

    @asynccontextmanager
    async def opened(
        self, path: str, *, token: str, media: str, headers: Mapping[str, str]
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Yields the body of a GET of the media type `media` as it arrives."""
        request = self._build("GET", path, token=token, headers={**headers, "accept": media})
        async with self._sent(request) as response:
            await self._accept(response, media)
            async with open_body(response) as body:
                yield body

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

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
        expect_json(await self._whole(response), _date(response))
        raise NotAPlatform(f"{found or 'nothing'} instead of {media}")

    async def _whole(self, response: httpx.Response) -> HttpAnswer:
        async with open_body(response) as chunks:
            body = await read_body(chunks, LARGEST)
        return HttpAnswer(response.status_code, response.headers, body)


def tls_context(address: str) -> ssl.SSLContext:
    """Returns a TLS context with the system's certificates; for plain http a cheap one without any."""
    if address.startswith("http:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return ssl.create_default_context()


def _date(response: httpx.Response) -> datetime:
    """Returns the server's time, from which a Retry-After date is measured; this machine's without one."""
    return moment_of(response.headers.get("date", "")) or datetime.now(UTC)
