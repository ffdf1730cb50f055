"""Commands per second through the platform's endpoint, beside the same endpoint on async SQLAlchemy."""

import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from tests.bench._platform_hosts import ROOT, async_peer, platform
from tests.bench._platform_load import Target

NAMES = ("platform.commands",)
CLIENTS = 16
SECONDS = 3.0
ROUNDS = 3
BOUND = 3.0


def rows(only: str | None) -> Iterator[dict[str, Any]]:
    """Yields one row: single durable commands (each takes a case) from 16 connections; the median of three rounds."""
    if only is not None and not NAMES[0].startswith(only):
        return
    ours, theirs = [], []
    with ExitStack() as stack:
        mine, peer = stack.enter_context(platform()), stack.enter_context(async_peer())
        for _ in range(ROUNDS):
            ours.append(_measured(mine))
            theirs.append(_measured(peer))
    value, peer_value = statistics.median(ours), statistics.median(theirs)
    yield {
        "name": NAMES[0],
        "value": round(value, 1),
        "unit": "commands/s",
        "peer": "async SQLAlchemy + aiosqlite, same endpoint",
        "peer_value": round(peer_value, 1),
        "ratio": round(value / peer_value, 3),
        "bound": f"ratio ≥ {BOUND:g}",
        "holds": value / peer_value >= BOUND,
    }


def _measured(target: Target) -> float:
    """Returns the commands per second of a load that a process of its own makes."""
    options = (str(target.port), target.token, str(CLIENTS), str(SECONDS))
    command = [sys.executable, "-m", "tests.bench._platform_load", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)
