"""Real threads under virtual time: the platform's writer with group commits, on a disk whose commits take time."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Event
from typing import TypeVar

from sqlalchemy import Connection

from commandcenter.server.storage.writer import Writer, _Job
from tests.faults.virtual import Threaded

T = TypeVar("T")
SLOWEST = 0.5  # virtual seconds; the longest commit, during which other jobs queue
_LOOKS = 0.002  # real seconds between two checks


class SlowLane(Writer):
    """A writer whose commits take virtual time, which passes while the disk is slow, not while the thread works."""

    loop: Threaded
    chance: random.Random
    committed: Callable[[], None]
    _waiting = 0  # jobs that have not ended, counted in the loop's thread
    _is_hasty = False

    def submit(self, work: Callable[[Connection], T]) -> "Future[T]":
        given = super().submit(work)
        self._waiting += 1
        if self._waiting == 1:
            self.loop.begun()
        return given

    @contextmanager
    def hastily(self) -> Iterator[None]:
        """Makes commits immediate within the block, which may block the loop."""
        self._is_hasty = True
        try:
            yield
        finally:
            self._is_hasty = False

    def stop(self) -> None:
        """Executes the waiting jobs, then ends the thread."""
        with self.hastily():
            super().stop()

    def _together(self, connection: Connection, jobs: list[_Job]) -> None:
        ready = Event()
        self.loop.call_soon_threadsafe(self._slow, ready)
        while not ready.wait(_LOOKS) and not self._is_hasty:
            continue
        if not ready.is_set():
            self.loop.call_soon_threadsafe(self._go, ready)
        try:
            super()._together(connection, jobs)
        finally:
            self.loop.call_soon_threadsafe(self._told, len(jobs))

    def _slow(self, ready: Event) -> None:
        """Lets virtual time pass until the disk is ready; runs in the loop's thread."""
        self.loop.ended()
        self.loop.call_later(self.chance.random() * SLOWEST, self._go, ready)

    def _go(self, ready: Event) -> None:
        if not ready.is_set():
            self.loop.begun()
            ready.set()

    def _told(self, jobs: int) -> None:
        self.committed()
        self._waiting -= jobs
        if self._waiting == 0:
            self.loop.ended()


def lane_of(loop: Threaded, chance: random.Random, committed: Callable[[], None]) -> type[Writer]:
    """Returns a writer class for open_platform; `committed` is called in the loop's thread after each commit."""
    told = {"loop": loop, "chance": chance, "committed": staticmethod(committed)}
    return type("LaneOfASchedule", (SlowLane,), told)
