"""Real threads under virtual time: the platform's lane, group commit and all, on a disk that takes its time."""

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
SLOWEST = 0.5  # seconds that a commit takes, virtual ones, in which others come to wait
_LOOKS = 0.002  # seconds, real ones


class SlowLane(Writer):
    """While the disk is slow time goes on; while the thread works it stands still."""

    loop: Threaded
    chance: random.Random
    committed: Callable[[], None]
    _waiting = 0  # jobs that have not come to their end, counted in the loop's thread
    _is_hasty = False

    def submit(self, work: Callable[[Connection], T]) -> "Future[T]":
        given = super().submit(work)
        self._waiting += 1
        if self._waiting == 1:
            self.loop.begun()
        return given

    @contextmanager
    def hastily(self) -> Iterator[None]:
        """Within the block, which may hold up the loop, the disk is quick."""
        self._is_hasty = True
        try:
            yield
        finally:
            self._is_hasty = False

    def stop(self) -> None:
        """Finish what waits, then end."""
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
        """In the loop's thread: time goes on until the disk is ready."""
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
    """The lane to open a platform with; `committed` is called in the loop's thread after each commit."""
    told = {"loop": loop, "chance": chance, "committed": staticmethod(committed)}
    return type("LaneOfASchedule", (SlowLane,), told)
