"""A console's disk whose writes to the cache a test can hold up."""

import asyncio
from contextlib import asynccontextmanager

from commandcenter.cache.worker import ThreadWorker


class Gate(ThreadWorker):
    """The worker of the cache, which runs nothing while `open` is cleared; `waiting`: how many jobs wait."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.open = asyncio.Event()
        self.open.set()
        self.waiting = 0

    async def run(self, work):
        self.waiting += 1
        await self.open.wait()
        self.waiting -= 1
        return await super().run(work)


def gate(desk) -> Gate:
    """Returns the gate of the desk's cache."""
    return desk._parts.inbound._mirror._file._worker


@asynccontextmanager
async def opened(desk):
    """Opens the gate of the desk's cache at the end of the block, even after an error."""
    try:
        yield
    finally:
        gate(desk).open.set()
