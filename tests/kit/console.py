"""Consoles of the core without a window: a real platform on the loopback, a network that can be cut."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from commandcenter.bootstrap import Desk, Environment, open_desk
from commandcenter.demonstration import faulty_network
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Take
from commandcenter.server.platform import Platform, open_platform
from commandcenter.settings.file import open_settings
from commandcenter.store.overlay import Act
from tests.kit.district import NOON, PASSWORD, small_accounts, small_district
from tests.kit.loopback import serving
from tests.kit.platform import new_id

Handler = Callable[[httpx.Request], Awaitable[httpx.Response]]


class Ticking:
    """A clock that starts at noon of the small district's day and runs; it can be pushed."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self.ahead = 0.0

    def __call__(self) -> datetime:
        return NOON + timedelta(seconds=time.monotonic() - self._began + self.ahead)


class Wire(faulty_network.FaultyNetwork):
    """The network of one console, that a test looks at and answers for.

    `instead` may answer a request itself (a proxy, a hostile platform), or give None to let it pass; `sent` keeps
    (method, path) of everything that tried to leave.
    """

    def __init__(self) -> None:
        super().__init__()
        self.instead: Callable[[httpx.Request], httpx.Response | None] = lambda request: None
        self.sent: list[tuple[str, str]] = []
        self.bodies: list[bytes] = []

    def mend(self) -> None:
        """It works again."""
        super().mend()
        self.instead = lambda request: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append((request.method, request.url.path))
        if request.url.path == "/v1/commands":
            self.bodies.append(request.content)
        return await super().handle_async_request(request)

    async def carry(self, request: httpx.Request) -> httpx.Response:
        return self.instead(request) or await super().carry(request)


@contextmanager
def running_platform(data: Path, clock: Ticking | None = None) -> Iterator[Platform]:
    """The platform of the small district, its clock running."""
    fresh = not (data / "platform.db").exists()
    with open_platform(data, now=clock or Ticking()) as platform:
        if fresh:
            platform.writer.submit(small_district).result()
            platform.writer.submit(small_accounts).result()
        yield platform


@asynccontextmanager
async def hall(data: Path) -> AsyncIterator[str]:
    """The small district served on the loopback; its address."""
    with running_platform(data) as platform:
        async with serving(platform) as http:
            yield str(http.base_url).rstrip("/")


def environment(net: Wire | None = None, **other: Any) -> Environment:
    """The real world, but for the network, and with waits a hundred times shorter."""

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / 100)

    return replace(Environment(), **({"transport": net, "sleep": sleep} | other))


@asynccontextmanager
async def console(folder: Path, net: Wire | None = None, **other: Any) -> AsyncIterator[Desk]:
    """A desk on the profile in `folder`, not signed in."""
    desk = await open_desk(open_settings(folder=folder), environment=environment(net, **other))
    errors: list[BaseException] = []
    desk.tasks.failed = errors.append
    try:
        yield desk
    finally:
        await desk.close()
        if isinstance(net, Wire):
            await net.end()
    assert not errors, errors


@asynccontextmanager
async def seated(folder: Path, url: str, user: str, net: Wire | None = None, **other: Any) -> AsyncIterator[Desk]:
    """A desk at which `user` is signed in, live and level with the platform."""
    async with console(folder, net, **other) as desk:
        await desk.sign_in(url, user, PASSWORD)
        await live(desk)
        yield desk


async def until(holds: Callable[[], object], *, seconds: float = 60.0) -> None:
    """Wait until `holds`, and fail when it does not in time."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 (what is waited for is the whole of another task's work)
            await asyncio.sleep(0.005)


async def live(desk: Desk) -> None:
    """Wait until the desk is live and not stale."""
    await until(lambda: desk.connection.state == "live" and not desk.connection.stale)


async def idle(desk: Desk) -> None:
    """Wait until nothing of this console is on its way."""
    await until(lambda: not desk.acts.open)


def take(street: str = "east", **other: Any) -> Take:
    """A new case of the small district."""
    given = {"channel": "hotline", "kind": "water", "text": "路口积水没过脚踝", "place": "宁国路口", "street": street}
    return Take(**(given | {"case": new_id()} | other))


async def done(desk: Desk, command: Any) -> Act:
    """Give a command and wait until it has come to its end."""
    act = await desk.do(command)
    assert isinstance(act, Act), act
    await until(lambda: desk.acts.find(act.cmd_id) is None)
    return act


def case(desk: Desk, key: str) -> Case:
    """The case as the desk shows it."""
    found = desk.board.find("case", key)
    assert isinstance(found, Case)
    return found
