"""The platform in virtual time: the real application without sockets, which can be stopped, restored and trimmed."""

import asyncio
import contextlib
import math
import random
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable
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
from commandcenter.domain.commands.co_handling import AddCoHandler
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.server import platform, schedule
from commandcenter.server.app import create_app
from commandcenter.server.auth import accounts, roles
from commandcenter.server.command_pipeline.pipeline import perform
from commandcenter.server.platform import Platform, open_platform
from commandcenter.server.storage import database, epochs, event_log
from commandcenter.server.storage.tables import sessions, spans
from tests.faults.past import Happened, Past
from tests.faults.roles import Parts
from tests.faults.threads import SlowLane, lane_of
from tests.faults.virtual import Owner, Threaded
from tests.kit.district import DISTRICT, NOON, PASSWORD, seats, small_district
from tests.kit.role_spans import end_role, moves_at

BROKEN = b""  # marks the point at which the platform ended in the middle of a body
CASES = ("c1", "c2", "c3", "c4", "c5", "c6")
STREETS = ("east", "east", "east", "east", "west", "west")  # the street of each case
SECRET = ("c2", "c4", "c6", "old2")  # cases whose petitioner asked for secrecy
STAGES = (0, 1, 2, 3, 1, 2)  # number of commands applied to each case after `take`
OLD = {"old1": "east", "old2": "west"}  # the streets of cases that were closed last month, which no board has


@dataclass(slots=True)
class Spoken:
    """An answer of the platform: its status and headers, then the chunks of its body until None."""

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
    """The platform is not running, so no request is answered."""


class Hall:
    """The platform on `folder`; `past` is the content of its log. `committed` is called with each set of new rows."""

    def __init__(self, folder: Path) -> None:
        self.loop = asyncio.get_running_loop()
        self.threads = isinstance(self.loop, Threaded)
        self.chance = random.Random(f"{folder.parent.name}/disk")
        self.jobs = self.commits = 0  # of the platform's writer, over all its runs
        self.past = Past()
        self.folder = folder
        self.people = {person.user: person for person in people()}
        self.parts = Parts()
        self.committed: Callable[[list[Happened]], None] = lambda new: None
        self.began = self.loop.time()
        self.ahead = timedelta(0)  # of the platform's clock compared with the true time
        self.jumped_at = -math.inf  # the loop's time at which the platform's clock last jumped
        self.latest = NOON  # the latest time that the platform's clock ever showed
        self._backups: list[Path] = []
        self._open = contextlib.ExitStack()
        self._is_open = False
        self._owner = Owner()
        self.platform: Platform
        self.database: sqlite3.Connection

    def now(self) -> datetime:
        """Returns the time on the platform's clock, which may be wrong."""
        now = self.true() + self.ahead
        self.latest = max(self.latest, now)
        return now

    def true(self) -> datetime:
        """Returns the true time."""
        return NOON + timedelta(seconds=self.loop.time() - self.began)

    def set_clock(self, ahead: timedelta) -> None:
        """Makes the platform's clock jump; from now on it is `ahead` of the true time."""
        self.look()
        self.ahead, self.jumped_at = ahead, self.loop.time()
        self._look_who()

    def open(self) -> None:
        """Starts the platform."""
        threaded = isinstance(self.loop, Threaded)
        writer = lane_of(self.loop, self.chance, self._look_if_open) if threaded else platform.Writer
        with patch.object(platform, "Writer", writer):
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
        """Stops the platform; all requests and streams break off."""
        self.look()
        self._is_open = False
        await self._owner.kill()
        self._open.close()
        if self.threads:
            self._look_at_the_last()
        self.jobs += self.platform.writer.tally.jobs
        self.commits += self.platform.writer.tally.commits
        self._open = contextlib.ExitStack()

    async def restart(self) -> None:
        """Restarts the platform as after a power cut: everything committed is there."""
        await self.stop()
        self.open()

    def back_up(self) -> None:
        """Copies the database as it is now."""
        copy = self.folder / f"backup-{len(self._backups)}"
        with contextlib.closing(sqlite3.connect(copy)) as target:
            self.database.backup(target)
        self._backups.append(copy)

    async def restore(self, which: float, *, signed_in: bool) -> bool:
        """Restores backup `which` (0 to below 1) in a new epoch, keeping sign-ins if `signed_in`; False without one."""
        if not self._backups:
            return False
        copy = self._backups[int(which * len(self._backups))]
        stay = self.database.execute("SELECT * FROM sessions").fetchall() if signed_in else []
        await self.stop()
        known = epochs.former_epochs(self.folder)
        _put_back(copy, database.file_in(self.folder))
        with database.writing(self.folder) as connection:
            begun = epochs.begin_epochs(connection, known, now=self.now())
            for row in stay:
                connection.execute(sessions.insert().values(row))
        self.past.restored(begun[DISTRICT.id].epoch)
        judged, self.committed = self.committed, lambda new: None
        self.open()
        self.committed = judged
        return True

    async def set_back(self, which: float) -> bool:
        """Puts a backup in the database's place without telling the platform; returns False when there is none."""
        if not self._backups:
            return False
        copy = self._backups[int(which * len(self._backups))]
        await self.stop()
        _put_back(copy, database.file_in(self.folder))
        with contextlib.closing(sqlite3.connect(database.file_in(self.folder))) as connection:
            self.past.restored(_epoch(connection))
        judged, self.committed = self.committed, lambda new: None
        self.open()
        self.committed = judged
        return True

    def revoke(self, user: str, *, whole: bool) -> None:
        """Makes the access tokens of `user` invalid; `whole`: the refresh tokens too, so they have to sign in again."""
        if whole:
            self.write(lambda connection: connection.execute(delete(sessions).where(sessions.c.user == user)))
        self.platform.seats.revoke(user=user)

    def becomes(self, user: str, like: Person | None, *, for_seconds: float | None) -> None:
        """Gives `user` the role of `like` (None: none), for good or for so many seconds until the usual one is back."""
        now, usual = self.now(), self.people[user]
        ends = None if for_seconds is None else now + timedelta(seconds=for_seconds)

        def work(connection: Any) -> None:
            planned = moves_at(roles.role_history(connection, user), now)
            if like is None:
                end_role(connection, user, now=now)
                if ends is not None and planned is None:
                    roles.begin(connection, usual, since=ends)
            elif planned is None:
                roles.change_role(connection, replace(like, user=user), now=now, until=ends)
                if ends is not None:
                    roles.begin(connection, usual, since=ends)

        self.write(work)
        self._look_who()

    def _look_who(self) -> None:
        users, epoch, now = list(self.people), self.past.epoch, self.now()
        ahead = self.ahead
        self.platform.readers.now(lambda connection: self.parts.take_in(connection, users, epoch, now, ahead=ahead))

    def put_roles_right(self) -> None:
        """Removes the role changes that a wrong clock planned for more than an hour from now."""
        far = (self.now() + timedelta(hours=1)).timestamp()

        def work(connection: Any) -> None:
            connection.execute(delete(spans).where(spans.c.since > far))
            connection.execute(update(spans).where(spans.c.until > far).values(until=None))
            for user in self.people:
                roles.note_moved(connection, user)

        self.write(work)
        self._look_who()

    def trim_by_schedule(self) -> None:
        """Does the platform's hourly trimming."""
        now = self.now()
        self.write(lambda connection: schedule.trim(connection, now))

    def trim(self, *, older: float = 0.0) -> None:
        """Trims the log entries older than so many seconds, which can no longer be streamed then."""
        before = self.now() - timedelta(seconds=older)
        self.write(lambda connection: event_log.trim(connection, DISTRICT.id, before=before))

    def write(self, work: Callable[[Any], Any]) -> Any:
        """Runs `work` in the platform's writer and returns its result."""
        writer = self.platform.writer
        with writer.hastily() if isinstance(writer, SlowLane) else contextlib.nullcontext():
            return writer.submit(work).result()

    def look(self) -> None:
        """Reads the new log rows and has them judged."""
        self._take_in()
        if self.past.parted and (epoch := _epoch(self.database)) != self.past.epoch:  # noticed by the platform
            self.past.restored(epoch)
            self.past.take_in(self.database)
            self._look_who()

    def _take_in(self) -> None:
        new = self.past.take_in(self.database)
        if new:
            self.committed(new)

    def _look_at_the_last(self) -> None:
        self.database = self._read_only()
        with contextlib.closing(self.database):
            self._take_in()

    def _read_only(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{database.file_in(self.folder)}?mode=ro", uri=True, isolation_level=None)

    def _look_if_open(self) -> None:
        if self._is_open:
            self.look()

    async def call(self, method: str, path: str, query: bytes, headers: list, body: bytes) -> Spoken:
        """Sends a request to the application; returns the answer once its headers are there, or raises Down."""
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
    """Returns the application, one for all schedules: only the platform behind it changes."""
    return create_app(None)  # type: ignore[arg-type]


def people() -> list[Person]:
    """Returns everybody who may use a console: the small district's accounts, and second persons for some of them."""
    found = [seat.person for seat in seats().values()]
    twice = [("shift2", "shift"), ("dispatcher2", "dispatcher"), ("east-urban2", "east-urban")]
    named = {person.user: person for person in found}
    return found + [Person(user, named[like].role, named[like].scope) for user, like in twice]


def prepare(folder: Path, *, leads: bool = False) -> None:
    """Creates the district with cases of both streets at several stages, and accounts with cheaply hashed passwords.

    `leads`: one more case has a lead of the district and somebody who is asked to help.
    """
    folder.mkdir(parents=True, exist_ok=True)
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with database.writing(folder) as connection:
        small_district(connection)
        for person in people():
            accounts.put(connection, person, hashed)
        for number, case in enumerate(CASES):
            _begin(connection, case, STREETS[number], 1 + number % 2, STAGES[number], NOON)
        for number, (case, street) in enumerate(OLD.items()):
            _begin(connection, case, street, 1 + number, 5, NOON - timedelta(days=30))
        if leads:
            _lead(connection, "led")


def _begin(connection: Any, case: str, street: str, grid: int, far: int, at: datetime) -> None:
    """Takes a case in a grid of its street (the first of each has a team), with `far` commands on it after that."""
    who = {person.user: person for person in people()}
    system = Person("channel", Role.CHANNEL, Scope(DISTRICT.id))
    secret = case in SECRET
    taken = wish.Take(case, "hotline", "water", "积水", "路口", street, grid=f"{street}-{grid}", secret=secret)
    steps = (
        (system, taken),
        (who["shift"], wish.File(case)),
        (who["dispatcher"], wish.Dispatch(case, f"{street}-urban")),
        (who[f"{street}-urban"], wish.Accept(case)),
        (who[f"{street}-urban"], wish.Report(case, "已抽排")),
        (who["shift"], wish.Close(case)),
    )
    _done(connection, case, steps[: far + 1], at)


def _lead(connection: Any, case: str) -> None:
    """Takes a case that the district gives to a lead, who accepts it; a unit of its street is asked to help."""
    who = {person.user: person for person in people()}
    channel = Person("channel", Role.CHANNEL, Scope(DISTRICT.id))
    steps = (
        (channel, wish.Take(case, "hotline", "water", "积水", "路口", "east")),
        (who["shift"], wish.File(case)),
        (who["dispatcher"], wish.Dispatch(case, "housing")),
        (who["coordinator"], AddCoHandler(case, "east-police", "封路")),
        (who["housing"], wish.Accept(case)),
    )
    _done(connection, case, steps, NOON)


def _done(connection: Any, case: str, steps: Iterable[tuple[Person, wish.Command]], at: datetime) -> None:
    for number, (person, command) in enumerate(steps):
        bases = {f"case:{case}": number}
        done = perform(connection, command, person, at, cmd_id=f"begin-{case}-{number}", bases=bases)
        assert done.status == "applied", done
