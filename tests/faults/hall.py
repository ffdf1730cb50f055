"""The platform in virtual time: the real application without sockets or threads, stopped, restored and trimmed."""

import asyncio
import contextlib
import math
import random
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import delete, update

from commandcenter.domain import commands as wish
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.server import platform, schedule
from commandcenter.server.app import create_app
from commandcenter.server.entry import accounts, roles
from commandcenter.server.handling.handle import perform
from commandcenter.server.keeping import eventlog, lineage, store
from commandcenter.server.keeping.tables import sessions, spans
from commandcenter.server.platform import Platform, open_platform
from tests.faults.past import Happened, Past
from tests.faults.roles import Parts
from tests.faults.threads import SlowLane, lane_of
from tests.faults.virtual import Owner, Threaded
from tests.kit.district import DISTRICT, NOON, PASSWORD, seats, small_district

BROKEN = b""  # the piece after which a platform that ended says nothing more
CASES = ("c1", "c2", "c3", "c4", "c5", "c6")
STREETS = ("east", "east", "east", "east", "west", "west")  # of each case
SECRET = ("c2", "c4", "c6")  # whoever asked for these wants secrecy
STAGES = (0, 1, 2, 3, 1, 2)  # how many steps behind its being taken each case is


@dataclass(slots=True)
class Spoken:
    """An answer of the platform: its status and headers, then its body piece by piece until None."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    pieces: "asyncio.Queue[bytes | None]" = field(default_factory=asyncio.Queue)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (piece := await self.pieces.get()) is not None:
            if piece == BROKEN:
                raise Down
            yield piece


class Down(ConnectionError):
    """Nobody answers there now."""


class Hall:
    """The platform on `folder`; `past` is what its log says. `committed` is called after each look at new rows."""

    def __init__(self, folder: Path) -> None:
        self.loop = asyncio.get_running_loop()
        self.threads = isinstance(self.loop, Threaded)
        self.chance = random.Random(f"{folder.parent.name}/disk")
        self.jobs = self.commits = 0  # of the platform's lane, in all
        self.past = Past()
        self.folder = folder
        self.people = {person.user: person for person in people()}
        self.parts = Parts()
        self.committed: Callable[[list[Happened]], None] = lambda new: None
        self.began = self.loop.time()
        self.ahead = timedelta(0)  # of the platform's clock, before the true time
        self.jumped_at = -math.inf  # when it last jumped, in the loop's time
        self.latest = NOON  # that the platform's clock ever said
        self._backups: list[Path] = []
        self._open = contextlib.ExitStack()
        self._is_open = False
        self._owner = Owner()
        self.platform: Platform
        self.database: sqlite3.Connection

    def now(self) -> datetime:
        """The platform's time, which is wrong while its clock is."""
        now = self.true() + self.ahead
        self.latest = max(self.latest, now)
        return now

    def true(self) -> datetime:
        """The time as it is."""
        return NOON + timedelta(seconds=self.loop.time() - self.began)

    def set_clock(self, ahead: timedelta) -> None:
        """The platform's clock jumps; from now on it is so far ahead."""
        self.look()
        self.ahead, self.jumped_at = ahead, self.loop.time()
        self._look_who()

    def open(self) -> None:
        """Begin to answer."""
        threaded = isinstance(self.loop, Threaded)
        lane = lane_of(self.loop, self.chance, self._look_if_open) if threaded else platform.Lane
        with patch.object(platform, "Lane", lane):
            opening = open_platform(self.folder, now=self.now, mono=self.loop.time, inline=not self.threads)
            self.platform = self._open.enter_context(opening)
        self._owner = Owner()
        application().state.platform = self.platform
        self.database = self._read_only()
        self._open.callback(self.database.close)
        self._is_open = True
        self.look()
        self._look_who()

    async def stop(self) -> None:
        """All requests and streams break off."""
        self.look()
        self._is_open = False
        await self._owner.kill()
        self._open.close()
        if self.threads:
            self._look_at_the_last()
        self.jobs += self.platform.lane.tally.jobs
        self.commits += self.platform.lane.tally.commits
        self._open = contextlib.ExitStack()

    async def restart(self) -> None:
        """As after a power cut: what was committed is there."""
        await self.stop()
        self.open()

    def back_up(self) -> None:
        """Keep a copy of the database as it is now."""
        copy = self.folder / f"backup-{len(self._backups)}"
        with contextlib.closing(sqlite3.connect(copy)) as target:
            self.database.backup(target)
        self._backups.append(copy)

    async def restore(self, which: float, *, signed_in: bool) -> bool:
        """Go back to one of the backups, in a new epoch; False without one. `signed_in`: sign-ins outlive it."""
        if not self._backups:
            return False
        copy = self._backups[int(which * len(self._backups))]
        stay = self.database.execute("SELECT * FROM sessions").fetchall() if signed_in else []
        await self.stop()
        known = lineage.former(self.folder)
        _put_back(copy, store.database(self.folder))
        with store.writing(self.folder) as connection:
            begun = lineage.begin_epochs(connection, known, now=self.now())
            for row in stay:
                connection.execute(sessions.insert().values(row))
        self.past.restored(begun[DISTRICT.id].epoch)
        judged, self.committed = self.committed, lambda new: None
        self.open()
        self.committed = judged
        return True

    async def set_back(self, which: float) -> bool:
        """The platform's file is what it was at one of the backups, and nobody has told it; False without one."""
        if not self._backups:
            return False
        copy = self._backups[int(which * len(self._backups))]
        await self.stop()
        _put_back(copy, store.database(self.folder))
        with contextlib.closing(sqlite3.connect(store.database(self.folder))) as database:
            self.past.restored(_epoch(database))
        judged, self.committed = self.committed, lambda new: None
        self.open()
        self.committed = judged
        return True

    def revoke(self, user: str, *, whole: bool) -> None:
        """The access tokens of `user` are void; `whole`: they have to sign in again."""
        if whole:
            self.write(lambda connection: connection.execute(delete(sessions).where(sessions.c.user == user)))
        self.platform.seats.revoke(user=user)

    def becomes(self, user: str, like: Person | None, *, for_seconds: float | None) -> None:
        """From now on `user` is what `like` is (None: nobody), and their usual self again after so many seconds."""
        now, usual = self.now(), self.people[user]
        ends = None if for_seconds is None else now + timedelta(seconds=for_seconds)

        def work(connection: Any) -> None:
            planned = roles.of(connection, user).moves_at(now)
            if like is None:
                roles.ceases(connection, user, now=now)
                if ends is not None and planned is None:
                    roles.begin(connection, usual, since=ends)
            elif planned is None:
                roles.becomes(connection, replace(like, user=user), now=now, until=ends)
                if ends is not None:
                    roles.begin(connection, usual, since=ends)

        self.write(work)
        self._look_who()

    def _look_who(self) -> None:
        users, epoch, now = list(self.people), self.past.epoch, self.now()
        ahead = self.ahead
        self.platform.readers.now(lambda connection: self.parts.take_in(connection, users, epoch, now, ahead=ahead))

    def put_roles_right(self) -> None:
        """Nothing of what a wrong clock has put off by days is planned any more."""
        far = (self.now() + timedelta(hours=1)).timestamp()

        def work(connection: Any) -> None:
            connection.execute(delete(spans).where(spans.c.since > far))
            connection.execute(update(spans).where(spans.c.until > far).values(until=None))
            for user in self.people:
                roles.note_moved(connection, user)

        self.write(work)
        self._look_who()

    def trim_by_schedule(self) -> None:
        """What the platform does every hour."""
        now = self.now()
        self.write(lambda connection: schedule.trim(connection, now))

    def trim(self, *, older: float = 0.0) -> None:
        """Nothing older than so many seconds can be streamed any more."""
        before = self.now() - timedelta(seconds=older)
        self.write(lambda connection: eventlog.trim(connection, DISTRICT.id, before=before))

    def write(self, work: Callable[[Any], Any]) -> Any:
        """Something in the platform's one writer."""
        lane = self.platform.lane
        with lane.hastily() if isinstance(lane, SlowLane) else contextlib.nullcontext():
            return lane.submit(work).result()

    def look(self) -> None:
        """Take in what was written, and have it judged."""
        self._take_in()
        if self.past.parted and (epoch := _epoch(self.database)) != self.past.epoch:  # it has found out
            self.past.restored(epoch)
            self.past.take_in(self.database)
            self._look_who()

    def _take_in(self) -> None:
        new = self.past.take_in(self.database)
        if new:
            self.committed(new)

    def _look_at_the_last(self) -> None:
        """What the thread has written in ending."""
        self.database = self._read_only()
        with contextlib.closing(self.database):
            self._take_in()

    def _read_only(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{store.database(self.folder)}?mode=ro", uri=True, isolation_level=None)

    def _look_if_open(self) -> None:
        if self._is_open:
            self.look()

    async def call(self, method: str, path: str, query: bytes, headers: list, body: bytes) -> Spoken:
        """Ask the application; its answer as soon as its head is there."""
        spoken, started = Spoken(), asyncio.Event()
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query,
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 9),
            "root_path": "",
        }
        task = self._owner.run(_ask(scope, body, spoken, started))
        task.add_done_callback(lambda done: _ended(done, spoken, started))
        await started.wait()
        self.look()
        if not spoken.status:
            raise Down
        return spoken


async def _ask(scope: dict[str, Any], body: bytes, spoken: Spoken, started: asyncio.Event) -> None:
    bodies = [body]

    async def receive() -> dict[str, Any]:
        if bodies:
            return {"type": "http.request", "body": bodies.pop(), "more_body": False}
        await spoken.gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            spoken.status, spoken.headers = message["status"], list(message["headers"])
            started.set()
        elif message.get("body"):
            spoken.pieces.put_nowait(message["body"])

    await application()(scope, receive, send)


def _ended(task: "asyncio.Task[None]", spoken: Spoken, started: asyncio.Event) -> None:
    started.set()
    if not task.cancelled():
        task.exception()
        spoken.pieces.put_nowait(None)
    else:
        spoken.pieces.put_nowait(BROKEN)


def _epoch(database: sqlite3.Connection) -> int:
    return int(database.execute("SELECT epoch FROM districts WHERE id = ?", (DISTRICT.id,)).fetchone()[0])


def _put_back(copy: Path, file: Path) -> None:
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(copy, file)


@cache
def application() -> FastAPI:
    """One for all schedules: only the platform behind it changes."""
    return create_app(None)  # type: ignore[arg-type]


def people() -> list[Person]:
    """Everybody who may sit at a console: the small district's seats, and a second person at some of them."""
    found = [seat.person for seat in seats().values()]
    twice = [("shift2", "shift"), ("dispatcher2", "dispatcher"), ("east-urban2", "east-urban")]
    named = {person.user: person for person in found}
    return found + [Person(user, named[like].role, named[like].scope) for user, like in twice]


def prepare(folder: Path) -> None:
    """The district with cases of both streets at different points of their lives, and cheap passwords."""
    folder.mkdir(parents=True, exist_ok=True)
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with store.writing(folder) as connection:
        small_district(connection)
        for person in people():
            accounts.put(connection, person, hashed)
        for number, case in enumerate(CASES):
            _begin(connection, case, number)


def _begin(connection: Any, case: str, far: int) -> None:
    who = {person.user: person for person in people()}
    system = Person("channel", Role.CHANNEL, Scope(DISTRICT.id))
    steps = (
        (system, wish.Take(case, "hotline", "water", "积水", "路口", STREETS[far], secret=case in SECRET)),
        (who["shift"], wish.File(case)),
        (who["dispatcher"], wish.Dispatch(case, f"{STREETS[far]}-urban")),
        (who["east-urban"], wish.Accept(case)),
    )
    for number, (person, command) in enumerate(steps[: STAGES[far] + 1]):
        bases = {f"case:{case}": number}
        done = perform(connection, command, person, NOON, cmd_id=f"begin-{case}-{number}", bases=bases)
        assert done.status == "applied", done
