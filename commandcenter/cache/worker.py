"""Runs all work on one file in sequence, normally in a thread of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

T = TypeVar("T")


class Worker(Protocol):
    """Executes the work on one file in the order of submission."""

    async def run(self, work: Callable[[], T]) -> T:
        """Returns or raises what `work` does; work that has begun always completes."""

    def close(self) -> None:
        """Accepts no more work."""


class ThreadWorker:
    """A worker with one thread of its own; the event loop is not blocked."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, work: Callable[[], T]) -> T:
        """Executes `work` in the worker's thread and awaits its result."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """Waits for the work already submitted, then ends the thread."""
        self._thread.shutdown()
