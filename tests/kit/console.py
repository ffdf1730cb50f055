"""Runs console cores without a window against a real platform on the loopback, over a network that can be cut."""

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
    """A running clock (UTC) that starts at noon of the small district's day; `ahead` (seconds) moves it forward."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self.ahead = 0.0

    def __call__(self) -> datetime:
        return NOON + timedelta(seconds=time.monotonic() - self._began + self.ahead)


class Wire(faulty_network.FaultyNetwork):
    """The network of one console, whose requests a test records and may answer itself.

    `instead` may answer a request (as a proxy or a hostile platform would) or return None to let it pass. `sent` holds
    (method, path) of every request, also of those that failed; `bodies` the bodies of all requests with commands.
    """

    def __init__(self) -> None:
        super().__init__()
        self.instead: Callable[[httpx.Request], httpx.Response | None] = lambda request: None
        self.sent: list[tuple[str, str]] = []
        self.bodies: list[bytes] = []

    def mend(self) -> None:
        """Removes all faults; no request is answered by the test any more."""
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
    """Yields the platform on the folder `data`, its clock running; a new folder gets the small district."""
    fresh = not (data / "platform.db").exists()
    with open_platform(data, now=clock or Ticking()) as platform:
        if fresh:
            platform.writer.submit(small_district).result()
            platform.writer.submit(small_accounts).result()
        yield platform


@asynccontextmanager
async def hall(data: Path) -> AsyncIterator[str]:
    """Serves the small district on the loopback; yields its base URL."""
    with running_platform(data) as platform:
        async with serving(platform) as http:
            yield str(http.base_url).rstrip("/")


def environment(net: Wire | None = None, **other: Any) -> Environment:
    """Returns the real environment on the network `net`, with waits a hundred times shorter and `other` fields."""

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / 100)

    return replace(Environment(), **({"transport": net, "sleep": sleep} | other))


@asynccontextmanager
async def console(
    folder: Path, net: Wire | None = None, *, heard: list[BaseException] | None = None, **other: Any
) -> AsyncIterator[Desk]:
    """Yields a desk on the profile in `folder`, with nobody signed in.

    Raises AssertionError at the end when a background task of the desk failed, unless `heard` gets the errors.
    """
    desk = await open_desk(open_settings(folder=folder), environment=environment(net, **other))
    errors: list[BaseException] = []
    desk.tasks.failed.connect((errors if heard is None else heard).append)
    try:
        yield desk
    finally:
        await desk.close()
        if isinstance(net, Wire):
            await net.end()
    assert not errors, errors


@asynccontextmanager
async def seated(folder: Path, url: str, user: str, net: Wire | None = None, **other: Any) -> AsyncIterator[Desk]:
    """Yields a desk at which `user` is signed in, live and level with the platform."""
    async with console(folder, net, **other) as desk:
        await desk.user.sign_in(url, user, PASSWORD)
        await live(desk)
        yield desk


async def until(holds: Callable[[], object], *, seconds: float = 60.0) -> None:
    """Waits until `holds` returns something true; raises TimeoutError after `seconds`."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 (what is waited for is the whole of another task's work)
            await asyncio.sleep(0.005)


async def live(desk: Desk) -> None:
    """Waits until the desk is live and not stale."""
    await until(lambda: desk.connection.state == "live" and not desk.connection.stale)


async def idle(desk: Desk) -> None:
    """Waits until this console has no open act."""
    await until(lambda: not desk.acts.open)


def take(street: str = "east", **other: Any) -> Take:
    """Returns a command that takes a new case of the small district; `other` replaces its fields."""
    given = {"channel": "hotline", "kind": "water", "text": "路口积水没过脚踝", "place": "宁国路口", "street": street}
    return Take(**(given | {"case": new_id()} | other))


async def done(desk: Desk, command: Any) -> Act:
    """Gives a command and waits until its act has ended; returns the act as it was given."""
    act = await desk.do(command)
    assert isinstance(act, Act), act
    await until(lambda: desk.acts.find(act.cmd_id) is None)
    return act


def case(desk: Desk, key: str) -> Case:
    """Returns the case as the desk's board shows it."""
    found = desk.board.find("case", key)
    assert isinstance(found, Case)
    return found
