"""A console's disk that waits with what is written to the cache."""

import asyncio
from contextlib import asynccontextmanager

from commandcenter.cache.lane import ThreadLane


class Gate(ThreadLane):
    """A disk that can be made to wait with what is written to the cache."""

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
    """That of the desk's cache."""
    return desk._rooms.inbound._mirror._file._lane


@asynccontextmanager
async def opened(desk):
    """However the block ends, the disk goes on."""
    try:
        yield
    finally:
        gate(desk).open.set()
