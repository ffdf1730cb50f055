"""What a console takes from outside itself: time, ids, chance, the network, threads; a simulation hands in its own."""

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

if TYPE_CHECKING:
    import httpx


def real_id() -> str:
    """A UUIDv7 of this moment."""
    return uuid7(time.time_ns() // 1_000_000, os.urandom(10))


def real_mono() -> float:
    """Seconds of a clock that does not jump and, where the system has one, goes on while the machine sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


def real_boot() -> str:
    """A name for the time since the machine was started; where the system gives none, the minute it began in."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{(time.time() - time.monotonic()) // 60:.0f}"


@dataclass(frozen=True, slots=True)
class Timing:
    """How to wait, and by how much more than need be."""

    sleep: Callable[[float], Awaitable[None]]
    chance: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Environment:
    """`wall`: seconds since 1970; `mono`: seconds of a clock that does not jump, meaningful within one `boot`.

    `chance` draws from [0, 1); `transport` replaces the network; `silence`: seconds after which a mute stream is dead.
    """

    wall: Callable[[], float] = time.time
    mono: Callable[[], float] = real_mono
    boot: str = field(default_factory=real_boot)
    new_id: Callable[[], str] = real_id
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random
    transport: "httpx.AsyncBaseTransport | None" = None
    worker: Callable[[str], Worker] = ThreadWorker
    silence: float = 25.0
