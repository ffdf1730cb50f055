"""Runs the small district's platform in virtual time with subscribers that record what their streams send, and when."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import InitVar, dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from commandcenter.domain.commands import Command, Take
from commandcenter.protocol.messages import Result
from commandcenter.server.auth.access_tokens import AccessToken
from commandcenter.server.auth.current_role import current_role_of
from commandcenter.server.command_pipeline.pipeline import perform
from commandcenter.server.platform import Platform, open_platform
from commandcenter.server.routes.events import StreamCursor, _start
from commandcenter.server.storage.readers import Readers
from commandcenter.server.streaming.event_stream import EventStream
from tests.faults import virtual
from tests.kit.district import NOON, seats, small_accounts, small_district
from tests.kit.platform import new_id

Message = dict[str, Any]


_LOOKS = 100_000  # times that the loop may read its clock: eight times what the longest test needs


class _Bounded(virtual.Jumping):
    """Raises Standstill after _LOOKS readings of the clock: in virtual time no timeout would end an endless loop."""

    looks = 0

    def time(self) -> float:
        self.looks += 1
        if self.looks > _LOOKS:
            self.looks = 0  # shutting down the loop reads the clock again
            raise virtual.Standstill
        return super().time()


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a stream: the time it came (seconds since the test began), its event, id and decoded data."""

    at: float
    event: str
    id: str
    data: dict[str, Any]


@dataclass(slots=True)
class Hall:
    """The small district's platform, without threads and on the clock of the running loop.

    `before` and `after` are awaited around each database read, so that a test can act while a stream reads.
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
        """Executes `command` as `user` at the current time and returns the result."""
        now, person = self.platform.now(), seats()[user].person
        return self.writes(lambda con: perform(con, command, person, now, cmd_id=new_id(), **({"bases": {}} | how)))

    def writes(self, work: Callable[[Any], Any]) -> Any:
        """Runs `work` in the platform's writer and returns its result."""
        return self.platform.writer.submit(work).result()

    def takes(self, street: str = "east", **more: Any) -> str:
        """Takes a new case and returns its id."""
        case = new_id()
        given = {"channel": "hotline", "kind": "water", "text": "积水", "place": "路口", "street": street} | more
        assert self.does(Take(case, **given)).status == "applied"
        return case

    def seat(self, user: str, *, seconds: float = 86_400.0) -> AccessToken:
        """Returns an access token of `user` that is valid for at most `seconds`."""
        until = self.platform.now() + timedelta(seconds=seconds)
        found = self.platform.seats.find(self.platform.seats.give(user, f"of {user}", until=until)[0])
        assert found is not None
        return found

    def listens(self, user: str, cursor: str | None = None, *, seconds: float = 86_400.0) -> "Ear":
        """Opens a stream for `user` after `cursor` (None: from the current head) and returns its client end."""
        seat, platform = self.seat(user, seconds=seconds), self.platform
        start = platform.readers.now(
            lambda con: _start(con, current_role_of(con, user, platform.now()), StreamCursor(cursor))
        )
        ear, stream = Ear(), EventStream(platform, seat, start, refuse=lambda: None)
        ear.task = asyncio.ensure_future(stream({}, ear.receive, ear.send))
        return ear

    @property
    def head(self) -> int:
        """The last sequence of the log."""
        return self.platform.readers.now(
            lambda con: _start(con, current_role_of(con, "clerk", NOON), StreamCursor())
        ).head


@dataclass(slots=True)
class Ear:
    """The client end of a stream."""

    messages: list[tuple[float, Message]] = field(default_factory=list)
    hears: asyncio.Event = field(default_factory=asyncio.Event)  # cleared: the client accepts no further messages
    goes: "asyncio.Queue[Message]" = field(default_factory=asyncio.Queue)
    task: "asyncio.Future[None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def __post_init__(self) -> None:
        self.hears.set()

    async def receive(self) -> Message:
        """Returns the next message of the ASGI server to the stream, such as a disconnect."""
        return await self.goes.get()

    async def send(self, message: Message) -> None:
        """Records a message of the stream; blocks while `hears` is cleared."""
        self.messages.append((asyncio.get_running_loop().time(), message))
        await self.hears.wait()

    async def until(self, event: str) -> None:
        """Waits until the first `event` has come, and returns in the same turn of the loop."""
        while not self.of(event):  # noqa: ASYNC110 (the turn of the loop is what counts)
            await asyncio.sleep(0)

    @property
    def said(self) -> list[Said]:
        """All messages so far."""
        return [one for at, message in self.messages for one in _read(at, message.get("body", b""))]

    def of(self, *events: str) -> list[Said]:
        """Returns the messages whose event is one of `events`."""
        return [one for one in self.said if one.event in events]

    def times(self, *events: str) -> list[float]:
        """Returns when each of these messages came, in seconds rounded to a tenth."""
        return [round(one.at, 1) for one in self.of(*events)]

    @property
    def cases(self) -> list[str]:
        """The ids of the cases in the `put` messages, in order of arrival."""
        return [one.data["records"][0]["record"]["id"] for one in self.of("put")]

    @property
    def is_over(self) -> bool:
        """Whether the stream has ended and has sent its last body message to the server."""
        return self.task.done() and self.messages[-1][1].get("more_body") is False


Story = Callable[[Callable[["Hall"], Awaitable[None]]], None]


def in_hall(folder: Path, story: Callable[[Hall], Awaitable[None]]) -> None:
    """Runs `story` on a new platform in `folder`, in virtual time."""

    async def told() -> None:
        with _open(folder) as hall:
            await story(hall)

    virtual.run(told(), loop=_Bounded())


@contextmanager
def _open(folder: Path) -> Iterator[Hall]:
    loop = asyncio.get_running_loop()
    now = lambda: NOON + timedelta(seconds=loop.time())  # noqa: E731
    with open_platform(folder, now=now, mono=loop.time, inline=True) as platform:
        platform.writer.submit(small_district).result()
        platform.writer.submit(small_accounts).result()
        yield Hall(platform)


def _read(at: float, body: bytes) -> Iterator[Said]:
    for block in body.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        if fields:
            yield Said(at, fields["event"], fields.get("id", ""), json.loads(fields["data"]))
