"""Figures of the end of an outage: when all kept acts are done, and how long the catching-up window is blocked."""

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from commandcenter.bootstrap import Environment, open_desk
from commandcenter.settings.file import open_settings
from tests.bench import _measured_window as window
from tests.bench._platform_hosts import platform
from tests.bench._platform_load import Target, answer, batch, request
from tests.kit import console
from tests.kit.district import PASSWORD
from tests.process.proxy import CuttingProxy, cutting

NAMES = ("outage.settled", "outage.heartbeat")
OUTAGE = 120.0  # seconds
UNSENT = 50
FRAMES = 5_000


class Hearing(httpx.AsyncHTTPTransport):
    """The network, with the time (perf_counter, seconds) of the first hello answered since `heard` was set to None."""

    heard: float | None = 0.0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        if self.heard is None and request.url.path == "/v1/hello" and response.status_code == 200:
            self.heard = time.perf_counter()
        return response


def rows(only: str | None) -> Iterator[dict[str, Any]]:
    """Yields a row for each figure whose name begins with `only`.

    outage.settled: seconds from the first hello after 120 s without a network until 50 acts kept meanwhile are done;
    outage.heartbeat: the window's worst timer delay in milliseconds while it catches up with 5,000 frames after a cut.
    """
    for name, measure in zip(NAMES, (_settled, _heartbeat), strict=True):
        if only is None or name.startswith(only):
            with tempfile.TemporaryDirectory() as folder, platform() as target:
                yield asyncio.run(measure(Path(folder), target))


async def _settled(folder: Path, target: Target) -> dict[str, Any]:
    network = Hearing()
    async with cutting(random.Random(1)) as proxy:
        _pass(proxy, target)
        desk = await open_desk(open_settings(folder=folder), environment=Environment(transport=network))
        await desk.user.sign_in(proxy.url, "clerk", PASSWORD)
        await console.live(desk)
        proxy.cut()
        network.heard = None
        for _ in range(UNSENT):
            await desk.do(console.take())
            await asyncio.sleep(OUTAGE / UNSENT)
        proxy.behind = target.port
        await console.until(lambda: not desk.acts.open, seconds=60)
        assert network.heard is not None
        took = time.perf_counter() - network.heard
        await desk.close()
    peer = await _posted(target, UNSENT)
    return _row("outage.settled", took, "s", "the same 50 in one bare request", peer, 5.0)


async def _heartbeat(folder: Path, target: Target) -> dict[str, Any]:
    async with cutting(random.Random(1)) as proxy:
        _pass(proxy, target)
        async with window.opened(folder, proxy.url, "clerk") as seat:
            at_rest = (await seat.beats("rest")).worst
            proxy.cut()
            await _posted(target, FRAMES)
            proxy.behind = target.port
            worst = (await seat.beats(f"until {FRAMES}")).worst
    return _row("outage.heartbeat", worst, "ms max", "the same window at rest", at_rest, 100.0)


def _pass(proxy: CuttingProxy, target: Target) -> None:
    proxy.is_gentle, proxy.behind = True, target.port


async def _posted(target: Target, count: int) -> float:
    """Returns the seconds to post `count` commands in batches of 100 directly to the platform."""
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    began = time.perf_counter()
    for at in range(0, count, 100):
        writer.write(request(target, "POST", "/v1/commands", batch(min(100, count - at))))
        status, body = await answer(reader)
        assert status == 200, body
    writer.close()
    return time.perf_counter() - began


def _row(name: str, value: float, unit: str, peer: str, peer_value: float, most: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 2),
        "unit": unit,
        "peer": peer,
        "peer_value": round(peer_value, 3),
        "ratio": round(value / peer_value, 2),
        "bound": f"≤ {most:g} {unit.split()[0]}",
        "holds": value <= most,
    }
