"""An HTTP transport between a console and its platform that can be cut, delayed, or made to lose answers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import httpx

from commandcenter.client.http_link import tls_context
from commandcenter.protocol import paths

T = TypeVar("T")
_BUFFERED_CHUNKS = 256  # chunks of a stream buffered while delayed; beyond them the sender has to wait


class FaultyNetwork(httpx.AsyncBaseTransport):
    """The transport of every session of one console.

    Closing a session leaves the sockets open for the others; `end` closes them. `delay`: seconds by which an answer
    comes later (each chunk of a stream: half of that). `lose_answers`: commands arrive, the platform's answers to them
    do not. The faults are those of the way to the platform at `address()`; "": to every platform.
    """

    def __init__(self, address: Callable[[], str] = str) -> None:
        self._address = address
        self.delay = 0.0
        self.lose_answers = False
        self.is_cut = False
        self.cuts = 0
        self._real: dict[str, httpx.AsyncBaseTransport] = {}
        self._waits: set[asyncio.Timeout] = set()

    @property
    def is_well(self) -> bool:
        """Whether no fault is set."""
        return not (self.is_cut or self.lose_answers or self.delay)

    def cut(self) -> None:
        """Blocks both directions from now on and breaks off requests and streams under way."""
        self.is_cut = True
        self.cuts += 1
        for wait in tuple(self._waits):
            wait.reschedule(asyncio.get_running_loop().time())

    def join(self) -> None:
        """Ends the cut; other faults stay."""
        self.is_cut = False

    def mend(self) -> None:
        """Removes all faults."""
        self.is_cut = self.lose_answers = False
        self.delay = 0.0

    async def end(self) -> None:
        """Closes the open sockets."""
        real, self._real = self._real, {}
        for one in real.values():
            await one.aclose()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        own = httpx.URL(self._address())
        if own.host and (own.host, own.port) != (request.url.host, request.url.port):
            return await self.carry(request)
        if self.is_cut:
            raise httpx.ConnectError("cut")
        since = self.cuts
        await self.until_cut(lambda: asyncio.sleep(self.delay / 2), since)
        response = await self.until_cut(lambda: self.carry(request), since)
        if self.lose_answers and request.url.path == paths.COMMANDS:
            await response.aread()
            raise httpx.ReadError("the answer was lost")
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _DelayedBody(response.stream, self, since)
        return response

    async def carry(self, request: httpx.Request) -> httpx.Response:
        """Sends `request` over the real network and returns the response."""
        scheme = request.url.scheme
        if scheme not in self._real:
            self._real[scheme] = httpx.AsyncHTTPTransport(verify=tls_context(str(request.url)), trust_env=False)
        return await self._real[scheme].handle_async_request(request)

    async def until_cut(self, work: Callable[[], Awaitable[T]], since: int) -> T:
        """Awaits `work` and returns its result.

        Raises httpx.ReadError as soon as the network is cut; `since` is the value of `cuts` when the request began.
        """
        if self.cuts != since:
            raise httpx.ReadError("cut")
        try:
            async with asyncio.timeout(None) as wait:
                self._waits.add(wait)
                try:
                    return await work()
                finally:
                    self._waits.discard(wait)
        except TimeoutError as wrong:
            raise httpx.ReadError("cut") from wrong

    async def aclose(self) -> None:
        """Does nothing: the sockets are shared by all sessions."""


class _DelayedBody(httpx.AsyncByteStream):
    """A response body that delivers each chunk in order, delayed by the network's `delay`, until the network is cut."""

    def __init__(self, real: httpx.AsyncByteStream, network: FaultyNetwork, since: int) -> None:
        self._real = real
        self._network = network
        self._since = since
        self._pieces: asyncio.Queue[tuple[float, bytes | Exception | None]] = asyncio.Queue(_BUFFERED_CHUNKS)
        self._fetching: asyncio.Task[None] | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self._fetching = asyncio.ensure_future(self._fetch())
        while True:
            due, piece = await self._network.until_cut(self._pieces.get, self._since)
            await self._network.until_cut(lambda due=due: _until(due), self._since)  # type: ignore[misc]
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def aclose(self) -> None:
        if self._fetching is not None:
            self._fetching.cancel()
            with suppress(asyncio.CancelledError):
                await self._fetching
        await self._real.aclose()

    async def _fetch(self) -> None:
        end: Exception | None = None
        try:
            async for piece in self._real:
                await self._pieces.put((self._due(), piece))
        except Exception as wrong:  # passed on to the reader after the chunks before it
            end = wrong
        await self._pieces.put((self._due(), end))

    def _due(self) -> float:
        return asyncio.get_running_loop().time() + self._network.delay / 2


async def _until(due: float) -> None:
    left = due - asyncio.get_running_loop().time()
    if left > 0:
        await asyncio.sleep(left)
