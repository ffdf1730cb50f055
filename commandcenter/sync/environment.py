"""What a console takes from outside: time, ids, randomness, network and threads; a simulation provides its own."""

import asyncio
import os
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from commandcenter.cache.worker import ThreadWorker, Worker
from commandcenter.domain.ids import uuid7
from commandcenter.protocol.limits import SILENCE

if TYPE_CHECKING:
    import httpx


def real_id() -> str:
    """Returns a UUIDv7 of the current time."""
    return uuid7(time.time_ns() // 1_000_000, os.urandom(10))


def real_mono() -> float:
    """Returns seconds of a monotonic clock that, where the system has one, also runs while the machine sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


def real_boot() -> str:
    """Returns an id of the current boot: the system's, or else the minute since 1970 in which the machine started."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{(time.time() - time.monotonic()) // 60:.0f}"


@dataclass(frozen=True, slots=True)
class Timing:
    """How to sleep (seconds), and the random numbers in [0, 1) for jitter."""

    sleep: Callable[[float], Awaitable[None]]
    chance: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Environment:
    """The console's sources of everything external, by default the real ones.

    `wall`: seconds since 1970; `mono`: monotonic seconds, comparable within one `boot`; `chance` draws from [0, 1);
    `transport` replaces the network; `silence`: seconds without data after which a stream counts as dead.
    """

    wall: Callable[[], float] = time.time
    mono: Callable[[], float] = real_mono
    boot: str = field(default_factory=real_boot)
    new_id: Callable[[], str] = real_id
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random
    transport: "httpx.AsyncBaseTransport | None" = None
    worker: Callable[[str], Worker] = ThreadWorker
    silence: float = SILENCE
