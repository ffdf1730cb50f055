"""Measures the console core: desks without a window, against a platform in another process."""

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from commandcenter.bootstrap import Environment, open_desk
from commandcenter.settings.file import open_settings
from commandcenter.store.touched import Touched
from commandcenter.sync.desk import Desk
from tests.bench._platform_hosts import bare, platform
from tests.bench._platform_load import answer, request, take
from tests.kit import console, scripted

TIMES = 150
PAUSE = 0.04  # seconds between commands: a busy hall without a backlog
FRAMES = 5_000
CASES = 5_000


async def kept(folder: Path) -> list[float]:
    """Returns the seconds of each `do`, until its act is on disk and shown, while the platform answers."""
    took = []
    with platform() as target:
        async with console.seated(folder / "a", f"http://127.0.0.1:{target.port}", "clerk") as desk:
            for _ in range(TIMES):
                began = time.perf_counter()
                await desk.do(console.take())
                took.append(time.perf_counter() - began)
                await asyncio.sleep(PAUSE)
    return took


def written(folder: Path) -> list[float]:
    """Returns the seconds in which sqlite3 alone writes and flushes each of as many rows of 700 bytes."""
    took = []
    with sqlite3.connect(folder / "bare.db", isolation_level=None) as file:
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA synchronous=FULL")
        file.execute("CREATE TABLE kept (id TEXT PRIMARY KEY, body BLOB)")
        for number in range(TIMES):
            began = time.perf_counter()
            file.execute("INSERT INTO kept VALUES (?, ?)", (str(number), os.urandom(700)))
            took.append(time.perf_counter() - began)
            time.sleep(PAUSE / 4)
    file.close()
    return took


async def other_seat(folder: Path) -> list[float]:
    """Returns the seconds from each `do` at one console until the case is on another console's board."""
    took = []
    with platform() as target:
        url = f"http://127.0.0.1:{target.port}"
        async with (
            console.seated(folder / "a", url, "clerk") as clerk,
            console.seated(folder / "b", url, "dispatcher") as other,
        ):
            for _ in range(TIMES):
                wish = console.take()
                began = time.perf_counter()
                await clerk.do(wish)
                await _seen(other, wish.case)
                took.append(time.perf_counter() - began)
                await asyncio.sleep(PAUSE)
    return took


async def round_trips() -> list[float]:
    """Returns the seconds of each round trip to a server that does nothing."""
    took = []
    with bare() as target:
        reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
        for _ in range(TIMES):
            began = time.perf_counter()
            writer.write(request(target, "POST", "/", take()[1]))
            await answer(reader)
            took.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE / 4)
        writer.close()
    return took


async def opening(folder: Path) -> tuple[float, float]:
    """Returns the seconds to open a desk over a cache of 5,000 open cases, and for sqlite3 to read the same rows."""
    paper = scripted.Paper()
    paper.records += [scripted.a_case(f"c{n}", text="路口积水没过脚踝，车辆无法通行" * 4) for n in range(CASES)]
    async with console.console(folder, paper) as desk:  # type: ignore[arg-type]
        await scripted.sit(desk, paper)
    began = time.perf_counter()
    desk = await open_desk(open_settings(folder=folder), environment=Environment())
    took = time.perf_counter() - began
    assert len(desk.board.cases) == CASES
    await desk.close()
    began = time.perf_counter()
    with sqlite3.connect(folder / "cache.db") as file:
        file.execute("SELECT kind, body FROM records").fetchall()
    bare_took = time.perf_counter() - began
    file.close()
    return took, bare_took


async def catching_up(folder: Path) -> tuple[float, float]:
    """Returns (worst delay of the loop's 10 ms ticks while 5,000 frames arrive, time they took), in seconds."""
    paper = scripted.Paper()
    paper.records += [scripted.a_case(f"c{n}") for n in range(CASES)]
    async with console.console(folder, paper) as desk:  # type: ignore[arg-type]
        await scripted.sit(desk, paper)
        for at in range(0, FRAMES, 40):
            paper.raw(b"".join(_frame(11 + n) for n in range(at, at + 40)))
        began = time.perf_counter()
        late = await _lateness(lambda: _has(desk, FRAMES - 1))
        return late, time.perf_counter() - began


async def at_rest() -> float:
    """Returns the worst delay in seconds of the same ticks during one second in which nothing arrives."""
    end = time.perf_counter() + 1.0
    return await _lateness(lambda: time.perf_counter() > end)


async def _seen(desk: Desk, case: str) -> None:
    there = asyncio.Event()

    def look(touched: Touched) -> None:
        if touched.concerns("case", case):
            there.set()

    desk.board.changed.connect(look)
    if desk.board.find("case", case) is None:
        await there.wait()
    desk.board.changed.disconnect(look)


async def _lateness(done: Callable[[], bool]) -> float:
    worst = 0.0
    while not done():
        began = time.perf_counter()
        await asyncio.sleep(0.01)
        worst = max(worst, time.perf_counter() - began - 0.01)
    return worst


def _has(desk: Desk, number: int) -> bool:
    record = desk.board.confirmed("case", f"c{number % CASES}")
    return getattr(record, "rev", 0) == 2


def _frame(seq: int) -> bytes:
    number = seq - 11
    case = scripted.a_case(f"c{number % CASES}", rev=2, text="路口积水没过脚踝，车辆无法通行" * 4)
    return scripted.frame(1, seq, case)
