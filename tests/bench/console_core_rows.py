"""Figures of the console core: keeping an act, showing it at another seat, opening from the cache, catching up."""

import asyncio
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench import _console_core as core

NAMES = ("core.kept", "core.other_seat", "core.open", "core.catch_up")


def rows(only: str | None) -> Iterator[dict[str, Any]]:
    """Yields a row for each figure whose name begins with `only`, all in milliseconds.

    core.kept: from `do` until the act is flushed and shown (p99); core.other_seat: from `do` until the case is on
    another console's board (p95); core.open: opening a desk over a cache of 5,000 cases; core.catch_up: the worst delay
    of a 10 ms tick while 5,000 frames arrive.
    """
    for name, measure in zip(NAMES, (_kept, _other_seat, _open, _catch_up), strict=True):
        if only is None or name.startswith(only):
            with tempfile.TemporaryDirectory() as folder:
                yield measure(Path(folder))


def _kept(folder: Path) -> dict[str, Any]:
    value, peer = _share(asyncio.run(core.kept(folder)), 100), _share(core.written(folder), 100)
    return _row("core.kept", value, "ms p99", "sqlite3 insert, flushed", peer, 50.0)


def _other_seat(folder: Path) -> dict[str, Any]:
    value, peer = _share(asyncio.run(core.other_seat(folder)), 20), _share(asyncio.run(core.round_trips()), 20)
    return _row("core.other_seat", value, "ms p95", "round trip to bare uvicorn", peer, 150.0)


def _open(folder: Path) -> dict[str, Any]:
    value, peer = asyncio.run(core.opening(folder))
    return _row("core.open", value, "ms", "the same rows by sqlite3", peer, 500.0)


def _catch_up(folder: Path) -> dict[str, Any]:
    value, _ = asyncio.run(core.catching_up(folder))
    return _row("core.catch_up", value, "ms max", "the same ticks at rest", asyncio.run(core.at_rest()), 100.0)


def _row(name: str, value: float, unit: str, peer: str, peer_value: float, most: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value * 1000, 2),
        "unit": unit,
        "peer": peer,
        "peer_value": round(peer_value * 1000, 2),
        "ratio": round(value / peer_value, 2),
        "bound": f"≤ {most:g} ms",
        "holds": value * 1000 <= most,
    }


def _share(seconds: list[float], parts: int) -> float:
    return statistics.quantiles(seconds, n=parts)[-1]
