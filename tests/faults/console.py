"""A console in virtual time: the real desk on files of its own, with a user, that can end without warning."""

import asyncio
import math
import random
import sqlite3
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine

from commandcenter.bootstrap import Desk, Environment, Unavailable, open_desk
from commandcenter.cache import cache_file
from commandcenter.cache.faults import DiskFault
from commandcenter.cache.worker import ThreadWorker
from commandcenter.domain.people import Person
from commandcenter.settings.file import open_settings
from commandcenter.sync.connection import State
from tests.faults.hall import Hall
from tests.faults.link import Link
from tests.faults.virtual import Owner
from tests.kit.district import NOON, PASSWORD
from tests.kit.inline_worker import InlineWorker

T = TypeVar("T")
URL = "http://127.0.0.1:9"
NO_ROOM = "database or disk is full"
LOOKS = 3.0  # seconds between two checks whether the user is signed in


@dataclass(slots=True)
class Fuse:
    """Ends the console at its `left`th write from now on: before the write, or (`after`) when it is on disk."""

    left: int
    after: bool


class Lane:
    """A worker on one file whose writes take virtual time; the console's fuse, end or full disk strikes here."""

    def __init__(self, console: "Console", name: str) -> None:
        self._console = console
        self._name = name
        self._owner = console.owner
        self._turn = asyncio.Lock()
        self._thread = ThreadWorker(name) if console.hall.threads else InlineWorker()

    async def run(self, work: Callable[[], T]) -> T:
        async with self._turn:
            await asyncio.sleep(self._console.chance.random() * 0.004)
            if self._owner.is_dead or self._console.burns(after=False):
                raise asyncio.CancelledError
            is_full = self._name in self._console.full
            if is_full and self._name == "journal":
                raise DiskFault(NO_ROOM)
            done = await self._thread.run(partial(_without_room, work) if is_full else work)
            if self._console.burns(after=True):
                raise asyncio.CancelledError
        await asyncio.sleep(0)
        return done

    def close(self) -> None:
        """Waits for the work that has begun."""
        self._thread.close()


def _without_room(work: Callable[[], T]) -> T:
    """Runs `work` on the mirror while the disk is full: its writes to the file fail, those to memory do not."""
    _disk.is_full = True
    try:
        return work()
    finally:
        _disk.is_full = False


@contextmanager
def _on_disk(engine: Engine) -> Iterator[Connection]:
    """A transaction of the mirror; raises DiskFault while the disk is full for the console at work in this thread."""
    with _transaction(engine) as connection:
        yield connection
        if getattr(_disk, "is_full", False) and engine.url.database not in (None, "", ":memory:"):
            raise DiskFault(NO_ROOM)


_disk = threading.local()
_transaction = cache_file.transaction
cache_file.transaction = _on_disk


class Console:
    """One seat with its program, files and network; `opened(console)` is called whenever the program was started."""

    def __init__(self, name: str, hall: Hall, folder: Path, users: tuple[str, ...], chance: random.Random) -> None:
        self.name = name
        self.users = users
        self.user = users[0]
        self.folder = folder
        self.chance = chance
        self.hall = hall
        self.owner = Owner()
        self.fuse: Fuse | None = None
        self.full: frozenset[str] = frozenset()  # the files for which the disk has no room: journal, cache
        self.skew = 0.0  # seconds that the machine's clock is ahead
        self.boots = 0
        self.troubled_at = hall.true()  # true time of the last trouble here other than a change of roles
        self.errors: list[BaseException] = []
        self.mute_since: dict[str, datetime] = {}  # kept acts that show no reason why they wait: since when
        self.here: frozenset[str] = frozenset()  # ids of the acts that have not left, or wait for a person
        self.agreed: dict[Any, tuple[Any, ...]] = {}  # by record: what the judge found right, the record and its row
        self.here_at: dict[str, float] = {}  # the time at which each act was last one of them
        self.full_at = -math.inf  # the time at which the disk was last full
        self.opened: Callable[[Console], None] = lambda console: None
        self.link = Link(hall, self.owner, chance)
        self.lanes: list[Lane] = []
        self.desk: Desk
        self.journal: sqlite3.Connection
        self._made = 0

    @property
    def person(self) -> Person | None:
        """The user's current person; None when they have no role at this moment."""
        return self.hall.parts.now(self.user, self.hall.now())

    async def open(self) -> None:
        """Starts the program; the user signs in as soon as that is possible."""
        former, self.owner = self.link, Owner()
        self.link = Link(self.hall, self.owner, self.chance)
        self.link.weather, self.link.is_cut, self.link.refusal = former.weather, former.is_cut, former.refusal
        self.link.answers, self.link.faults = former.answers, former.faults
        self.fuse, self.full, self.lanes = None, frozenset(), []
        self.desk = await self.owner.run(open_desk(open_settings(folder=self.folder), environment=self._environment()))
        self.desk.tasks.failed.connect(self.errors.append)
        self.journal = sqlite3.connect(f"file:{self.folder / 'journal.db'}?mode=ro", uri=True, isolation_level=None)
        self.opened(self)
        self.owner.run(self._attend())

    async def end(self, *, cache: Callable[[Path], None] = lambda file: None, reboot: bool = False) -> None:
        """Ends the program without warning; `cache` may change the cache file then, `reboot` restarts the machine."""
        await self.owner.kill()
        files = self.desk._parts.close.__self__  # type: ignore[attr-defined]
        for writer in self.lanes:
            writer.close()
        files.journal._engine.dispose()
        files.cache._engine.dispose()
        files.lock.release()
        self.journal.close()
        self.boots += reboot
        cache(self.folder / "cache.db")

    async def leave(self) -> None:
        """Closes the program in good order, with room on the disk."""
        self.full = frozenset()
        await self._whole(self.desk.close())
        await self.end()

    def burns(self, *, after: bool) -> bool:
        """Returns whether the console ends at this write."""
        fuse = self.fuse
        if fuse is None or fuse.after is not after:
            return False
        fuse.left -= 1
        if fuse.left > 0:
            return False
        self.owner.is_dead = True
        return True

    async def say(self, work: Coroutine[Any, Any, T]) -> T | None:
        """Returns the result of `work` in the console's process; None when the console ended meanwhile."""
        return await self._whole(work)

    async def _whole(self, work: Coroutine[Any, Any, T]) -> T | None:
        task = self.owner.run(work)
        while not task.done() and not self.owner.is_dead:
            await asyncio.wait({task}, timeout=0.05)
        return task.result() if task.done() and not task.cancelled() else None

    def _environment(self) -> Environment:
        loop = asyncio.get_running_loop()
        return Environment(
            wall=lambda: NOON.timestamp() + loop.time() + self.skew,
            mono=lambda: loop.time() + 1000.0 * self.boots,
            boot=f"boot-{self.boots}",
            new_id=self._new_id,
            chance=self.chance.random,
            transport=self.link,
            worker=self._writer,
        )

    def _writer(self, name: str) -> Lane | InlineWorker:
        if name == "outages":
            return InlineWorker()
        self.lanes.append(Lane(self, name))
        return self.lanes[-1]

    def _new_id(self) -> str:
        self._made += 1
        milliseconds = int((NOON.timestamp() + self.hall.loop.time() + self.skew) * 1000)
        place = int(self.name) << 40 | self._made
        return str(UUID(int=milliseconds << 80 | 0x7 << 76 | 0b10 << 62 | place))

    async def _attend(self) -> None:
        """Signs the user in whenever nobody or another user is signed in."""
        while True:
            person = self.desk.person
            out = self.desk.connection.state in (State.STARTING, State.SIGNED_OUT)
            if out or person is None or person.user != self.user:
                try:
                    await self.desk.user.sign_in(URL, self.user, PASSWORD)
                except Unavailable as wrong:
                    self.desk.connection.note(wrong.code, wrong.about)
            await asyncio.sleep(LOOKS)
