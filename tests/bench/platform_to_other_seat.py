"""Time from a command to its frame at another seat, beside a round trip to a server that does nothing."""

import asyncio
import json
import statistics
import time
from collections.abc import Iterator
from typing import Any

from tests.bench._platform_hosts import bare, platform, sign_in
from tests.bench._platform_load import Target, answer, request, take

NAMES = ("platform.to_other_seat",)
TIMES = 200
PAUSE = 0.06  # seconds between commands: a busy hall without a backlog
BOUND = 150.0  # ms, p95


def rows(only: str | None) -> Iterator[dict[str, Any]]:
    """Yields one row: milliseconds from sending a command until another subscriber has its frame, 95th percentile."""
    if only is not None and not NAMES[0].startswith(only):
        return
    with platform() as target:
        listener = Target(target.port, sign_in(target.port, "dispatcher"))
        value = _p95(asyncio.run(_to_other_seat(target, listener)))
    with bare() as target:
        peer_value = _p95(asyncio.run(_round_trips(target)))
    yield {
        "name": NAMES[0],
        "value": round(value, 2),
        "unit": "ms p95",
        "peer": "round trip to bare uvicorn",
        "peer_value": round(peer_value, 2),
        "ratio": round(value / peer_value, 2),
        "bound": f"p95 ≤ {BOUND:g} ms",
        "holds": value <= BOUND,
    }


async def _to_other_seat(target: Target, listener: Target) -> list[float]:
    sent: dict[str, float] = {}
    stream, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    writer.write(request(listener, "GET", "/v1/events"))
    heard = asyncio.get_running_loop().create_task(_hear(stream, sent))
    await asyncio.sleep(0.3)
    reader, sender = await asyncio.open_connection("127.0.0.1", target.port)
    for _ in range(TIMES):
        cmd_id, body = take()
        sent[cmd_id] = time.perf_counter()
        sender.write(request(target, "POST", "/v1/commands", body))
        await answer(reader)
        await asyncio.sleep(PAUSE)
    took = await asyncio.wait_for(heard, 10)
    writer.close()
    sender.close()
    return took


async def _hear(stream: asyncio.StreamReader, sent: dict[str, float]) -> list[float]:
    took: list[float] = []
    while len(took) < TIMES:
        line = await stream.readuntil(b"\n")
        if line.startswith(b'data: {"seq"'):
            took.append(time.perf_counter() - sent[json.loads(line[6:])["cmd_id"]])
    return took


async def _round_trips(target: Target) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        writer.write(request(target, "POST", "/", take()[1]))
        await answer(reader)
        took.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE / 4)
    writer.close()
    return took


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] * 1000
