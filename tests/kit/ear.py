"""Who listens to a stream in virtual time: what came, and at which second."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import InitVar, dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from commandcenter.domain.commands import Command, Take
from commandcenter.protocol.frames import Result
from commandcenter.server.entry.held import held_now
from commandcenter.server.entry.seats import Seat
from commandcenter.server.handling.handle import perform
from commandcenter.server.keeping.readers import Readers
from commandcenter.server.platform import Platform, open_platform
from commandcenter.server.routes.events import _start
from commandcenter.server.telling.stream import EventStream
from tests.faults import virtual
from tests.kit.district import NOON, seats, small_accounts, small_district
from tests.kit.platform import new_id

Message = dict[str, Any]


_LOOKS = 100_000  # at the clock: eight times what the longest story needs


class _Bounded(virtual.Jumping):
    """It ends where something goes round without end: in virtual time no patience would."""

    looks = 0

    def time(self) -> float:
        self.looks += 1
        if self.looks > _LOOKS:
            self.looks = 0  # what ends it needs some more
            raise virtual.Standstill
        return super().time()


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a stream: when it came (seconds since the story began), its event, id and data."""

    at: float
    event: str
    id: str
    data: dict[str, Any]


@dataclass(slots=True)
class Hall:
    """The small district's platform, without threads and in the time of the running loop.

    `before` and `after` are awaited around each read of a stream: what happens meanwhile.
    """

    opened: InitVar[Platform]
    platform: Platform = field(init=False)
    before: Callable[[], Awaitable[None]] = lambda: asyncio.sleep(0)
    after: Callable[[], Awaitable[None]] = lambda: asyncio.sleep(0)

    def __post_init__(self, opened: Platform) -> None:
        self.platform = replace(opened, readers=Readers(opened.readers.engine, self._read))

    async def _read(self, work: Callable[..., Any], *arguments: Any) -> Any:
        await self.before()
        found = work(*arguments)
        await self.after()
        return found

    def does(self, command: Command, user: str = "clerk", **how: Any) -> Result:
        """What `user` does now."""
        now, person = self.platform.now(), seats()[user].person
        return self.writes(lambda con: perform(con, command, person, now, cmd_id=new_id(), **({"bases": {}} | how)))

    def writes(self, work: Callable[[Any], Any]) -> Any:
        """Something in the one writer."""
        return self.platform.lane.submit(work).result()

    def takes(self, street: str = "east", **more: Any) -> str:
        """A new case, at once."""
        case = new_id()
        given = {"channel": "hotline", "kind": "water", "text": "积水", "place": "路口", "street": street} | more
        assert self.does(Take(case, **given)).status == "applied"
        return case

    def seat(self, user: str, *, seconds: float = 86_400.0) -> Seat:
        """A seat in force for at most so many seconds."""
        until = self.platform.now() + timedelta(seconds=seconds)
        found = self.platform.seats.find(self.platform.seats.give(user, f"of {user}", until=until)[0])
        assert found is not None
        return found

    def listens(self, user: str, cursor: str | None = None, *, seconds: float = 86_400.0) -> "Ear":
        """`user` begins to listen behind `cursor`."""
        seat, platform = self.seat(user, seconds=seconds), self.platform
        start = platform.readers.now(lambda con: _start(con, held_now(con, user, platform.now()), cursor))
        ear, stream = Ear(), EventStream(platform, seat, start, refuse=lambda: None)
        ear.task = asyncio.ensure_future(stream({}, ear.receive, ear.send))
        return ear

    @property
    def head(self) -> int:
        """The last sequence of the log."""
        return self.platform.readers.now(lambda con: _start(con, held_now(con, "clerk", NOON), None)).head


@dataclass(slots=True)
class Ear:
    """The client's end of a stream."""

    messages: list[tuple[float, Message]] = field(default_factory=list)
    hears: asyncio.Event = field(default_factory=asyncio.Event)  # cleared: it takes nothing any more
    goes: "asyncio.Queue[Message]" = field(default_factory=asyncio.Queue)
    task: "asyncio.Future[None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def __post_init__(self) -> None:
        self.hears.set()

    async def receive(self) -> Message:
        """What the server tells the stream of its client."""
        return await self.goes.get()

    async def send(self, message: Message) -> None:
        """What the stream says."""
        self.messages.append((asyncio.get_running_loop().time(), message))
        await self.hears.wait()

    async def until(self, event: str) -> None:
        """Wait for the first of these, and not one turn longer."""
        while not self.of(event):  # noqa: ASYNC110 (the turn of the loop is what counts)
            await asyncio.sleep(0)

    @property
    def said(self) -> list[Said]:
        """All that came so far."""
        return [one for at, message in self.messages for one in _read(at, message.get("body", b""))]

    def of(self, *events: str) -> list[Said]:
        """Those that are one of `events`."""
        return [one for one in self.said if one.event in events]

    def times(self, *events: str) -> list[float]:
        """At which tenth of a second each of them came."""
        return [round(one.at, 1) for one in self.of(*events)]

    @property
    def cases(self) -> list[str]:
        """The cases that were put, one after the other."""
        return [one.data["records"][0]["record"]["id"] for one in self.of("put")]

    @property
    def is_over(self) -> bool:
        """Whether the stream has ended, and has told the server that it has."""
        return self.task.done() and self.messages[-1][1].get("more_body") is False


Story = Callable[[Callable[["Hall"], Awaitable[None]]], None]


def in_hall(folder: Path, story: Callable[[Hall], Awaitable[None]]) -> None:
    """Tell `story` in virtual time."""

    async def told() -> None:
        with _open(folder) as hall:
            await story(hall)

    virtual.run(told(), loop=_Bounded())


@contextmanager
def _open(folder: Path) -> Iterator[Hall]:
    loop = asyncio.get_running_loop()
    now = lambda: NOON + timedelta(seconds=loop.time())  # noqa: E731
    with open_platform(folder, now=now, mono=loop.time, inline=True) as platform:
        platform.lane.submit(small_district).result()
        platform.lane.submit(small_accounts).result()
        yield Hall(platform)


def _read(at: float, body: bytes) -> Iterator[Said]:
    for block in body.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        if fields:
            yield Said(at, fields["event"], fields.get("id", ""), json.loads(fields["data"]))
