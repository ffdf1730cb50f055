"""One thread a file: everything that touches a database goes through its lane, one thing after the other."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

T = TypeVar("T")


class Worker(Protocol):
    """Where the work on one file is done, in the order in which it was given."""

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises; once begun it is always finished."""

    def close(self) -> None:
        """No more work."""


class ThreadWorker:
    """A thread of its own."""

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, work: Callable[[], T]) -> T:
        """Done in the thread; the loop goes on meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """Waits for what was begun."""
        self._thread.shutdown()


class InlineWorker:
    """No thread: done at once, as a simulation in virtual time needs it."""

    async def run(self, work: Callable[[], T]) -> T:
        """Done before it returns."""
        return work()

    def close(self) -> None:
        """Nothing to end."""
