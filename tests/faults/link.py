"""A console's network to the real application: late, lost, doubled, reordered, cut."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from commandcenter.protocol import paths
from tests.faults import proxy
from tests.faults.hall import BROKEN, Down, Hall, Spoken
from tests.faults.proxy import Refusal
from tests.faults.virtual import Owner
from tests.faults.witness import Witness


@dataclass(slots=True)
class Weather:
    """Probabilities (0 to 1) of the faults of each request, and of each chunk of a stream."""

    lost: float = 0.0
    answer_lost: float = 0.0
    doubled: float = 0.0
    late: float = 0.0
    broken: float = 0.0
    piece_lost: float = 0.0
    piece_doubled: float = 0.0
    swapped: float = 0.0
    proxied: float = 0.0
    slowest: float = 0.08  # seconds; maximum delay of each way


CLEAR = Weather()
ROUGH = Weather(0.15, 0.2, 0.15, 0.12, 0.04, 0.06, 0.06, 0.06, 0.05, 1.5)
PROXIED = Weather(proxied=0.6)


class Listener(Protocol):
    """Receives the requests that reach the platform and the answers to them."""

    def asking(self, request: httpx.Request, user: str) -> Any:
        """Called when a request of `user` (empty: of nobody) reaches the platform.

        The return value is passed to `heard` with the answer.
        """

    def heard(self, asked: Any, status: int, body: bytes) -> None:
        """Called with the answer as the platform made it."""


class Deaf:
    """A listener that ignores everything."""

    def asking(self, request: httpx.Request, user: str) -> None:
        """Does nothing."""

    def heard(self, asked: None, status: int, body: bytes) -> None:
        """Does nothing."""


class Link(httpx.AsyncBaseTransport):
    """The network of one console; `answers` is notified of each request and each answer.

    `listens_as`: the user for whom the last snapshot or stream was opened. Whose a token is follows from who bought it;
    the platform is not asked, because it is being judged.
    """

    def __init__(self, hall: Hall, owner: Owner, chance: random.Random) -> None:
        self.weather = CLEAR
        self.is_cut = False
        self.refusal: Refusal | None = None
        self.faults = 0
        self.under_way = self.most_under_way = 0
        self.answers: Listener = Deaf()
        self.listens_as = ""
        self.saw = Witness(hall.loop.time)
        self._hall = hall
        self._owner = owner
        self._chance = chance
        self._stray = Owner()  # requests under way arrive even when their sender has ended
        self._users: dict[str, str] = {}  # the user of each token that was bought here

    def cut(self) -> None:
        """Blocks both directions from now on."""
        self.is_cut = True

    def mend(self) -> None:
        """Removes all faults."""
        self.is_cut, self.weather, self.refusal = False, CLEAR, None

    async def settle(self) -> None:
        """Discards the requests that are still under way."""
        await self._stray.kill()
        self._stray = Owner()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._owner.is_dead:
            raise asyncio.CancelledError
        is_command = request.url.path == paths.COMMANDS
        self.under_way += is_command
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            with self.saw.asking(request, self._user_of(request)) as asked:
                response = await self._answer(request)
                self.saw.answered(asked, response)
                return response
        finally:
            self.under_way -= is_command

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._carried(request)
        except Down as wrong:
            raise httpx.ConnectError("nobody there") from wrong

    async def _looked_up(self, request: httpx.Request) -> httpx.Response:
        """Carries a request for one case; its faults are drawn apart, so that looking moves no other draw."""
        own, weather = random.Random(f"{request.url.path} {self._hall.loop.time()}"), self.weather
        await asyncio.sleep(0.001 + own.random() * weather.slowest)
        if self.is_cut or own.random() < weather.lost:
            raise httpx.ConnectError("lost")
        if own.random() < weather.proxied:
            return proxy.answer(own)
        asked, spoken = await self._ask(request)
        body = b"".join([piece async for piece in spoken])
        self.answers.heard(asked, spoken.status, body)
        await asyncio.sleep(0.001 + own.random() * weather.slowest)
        if self.is_cut or own.random() < weather.answer_lost:
            raise httpx.ReadError("the answer was lost")
        return httpx.Response(spoken.status, headers=spoken.headers, content=body)

    async def _carried(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith(f"{paths.CASES}/"):
            return await self._looked_up(request)
        await self._travel()
        if self.is_cut or self._happens(self.weather.lost):
            raise httpx.ConnectError("lost")
        if self._happens(self.weather.proxied):
            return await self._answered_by_proxy(request)
        if request.url.path == paths.COMMANDS and self.refusal and self.refusal.is_for(self._user_of(request)):
            self.faults += 1
            return self.refusal.answer(request)
        if request.url.path == paths.COMMANDS:
            await self._strays(request)
        asked, spoken = await self._ask(request)
        if request.url.path in (paths.EVENTS, paths.SNAPSHOT) and spoken.status == 200:
            self.listens_as = self._user_of(request)
        if request.url.path == paths.EVENTS and spoken.status == 200:
            stream = _Stream(self, spoken, _patience(request))
            return httpx.Response(spoken.status, headers=spoken.headers, stream=stream)
        body = b"".join([piece async for piece in spoken])
        if request.url.path in (paths.SIGN_IN, paths.REFRESH) and spoken.status == 200:
            self._note_bought(request, body)
        self.answers.heard(asked, spoken.status, body)
        await self._travel()
        if self.is_cut or self._happens(self.weather.answer_lost):
            raise httpx.ReadError("the answer was lost")
        return httpx.Response(spoken.status, headers=spoken.headers, content=body)

    async def _answered_by_proxy(self, request: httpx.Request) -> httpx.Response:
        """Returns a proxy's answer instead of the platform's; half of the commands reach the platform all the same."""
        if request.url.path == paths.COMMANDS and self._chance.random() < 0.5:
            asked, spoken = await self._ask(request)
            self.answers.heard(asked, spoken.status, b"".join([piece async for piece in spoken]))
        return proxy.answer(self._chance)

    async def _strays(self, request: httpx.Request) -> None:
        """Sends the request a second time later, or makes it arrive only after its sender has given up."""
        if self._happens(self.weather.doubled):
            self._stray.run(self._later(request))
        if self._happens(self.weather.late):
            self._stray.run(self._later(request))
            await asyncio.sleep(_patience(request))
            raise httpx.ReadTimeout("no answer in time")

    async def _later(self, request: httpx.Request) -> None:
        await asyncio.sleep(self._chance.choice((0.5, 5.0, 30.0, 60.0)) * self._chance.random())
        try:
            asked, spoken = await self._ask(request)
        except Down:
            return
        self.answers.heard(asked, spoken.status, b"".join([piece async for piece in spoken]))

    async def _ask(self, request: httpx.Request) -> tuple[Any, Spoken]:
        asked = self.answers.asking(request, self._user_of(request))
        headers = [(name.lower(), value) for name, value in request.headers.raw]
        path, query = request.url.path, request.url.query
        return asked, await self._hall.call(request.method, path, query, headers, request.content)

    def _user_of(self, request: httpx.Request) -> str:
        """Returns the user of the request's access token; empty without a token that was bought here."""
        return self._users.get(request.headers.get("authorization", "").removeprefix("Bearer "), "")

    def _note_bought(self, request: httpx.Request, body: bytes) -> None:
        """Records the user of a new pair of tokens: who signed in, or the user of the refresh token."""
        asked, bought = json.loads(request.content), json.loads(body)
        user = asked["user"] if request.url.path == paths.SIGN_IN else self._users.get(asked["refresh"], "")
        self._users |= {bought["access"]: user, bought["refresh"]: user}

    async def _travel(self) -> None:
        await asyncio.sleep(0.001 + self._chance.random() * self.weather.slowest)

    def _happens(self, likely: float) -> bool:
        """Returns whether a fault of this probability strikes now, and counts it."""
        does = likely > 0 and self._chance.random() < likely
        self.faults += does
        return does

    def mangled(self, piece: bytes) -> list[bytes]:
        """Returns a chunk of a stream as a bad middlebox passes it on: dropped, doubled, or its events reordered."""
        if self._happens(self.weather.piece_lost):
            return []
        if self._happens(self.weather.piece_doubled):
            return [piece, piece]
        events = piece.split(b"\n\n")[:-1]
        if len(events) > 1 and self._happens(self.weather.swapped):
            self._chance.shuffle(events)
        return [event + b"\n\n" for event in events]


class _Stream(httpx.AsyncByteStream):
    def __init__(self, link: Link, spoken: Spoken, patience: float) -> None:
        self._link = link
        self._spoken = spoken
        self._patience = patience
        self._number = link.saw.opened()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._pieces():
                yield piece
        except httpx.HTTPError as wrong:
            self._link.saw.ended(self._number, "timed_out" if isinstance(wrong, httpx.ReadTimeout) else "unreachable")
            raise

    async def _pieces(self) -> AsyncIterator[bytes]:
        while True:
            piece = await self._next()
            if piece is None:
                return
            await self._link._travel()
            if self._link._happens(self._link.weather.broken):
                raise httpx.ReadError("broken")
            for one in self._link.mangled(piece):
                yield one

    async def _next(self) -> bytes | None:
        """Returns the next chunk that gets through; raises httpx.ReadTimeout after the client's read timeout."""
        try:
            async with asyncio.timeout(self._patience):
                while True:
                    piece = await self._spoken.pieces.get()
                    if piece == BROKEN and self._link._chance.random() < 0.5:
                        raise httpx.ReadError("the platform ended")
                    if piece != BROKEN and not self._link.is_cut:  # a cut and half of the platform's ends are silent
                        return piece
        except TimeoutError as wrong:
            raise httpx.ReadTimeout("silence") from wrong

    async def aclose(self) -> None:
        self._spoken.gone.set()
        self._link.saw.ended(self._number)


def _patience(request: httpx.Request) -> float:
    return float(request.extensions["timeout"]["read"])
