"""`main.py test hostile`: a platform that gives false answers; no crash, an unchanged journal, live again after it."""

import argparse
import asyncio
import logging
import random
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from commandcenter.bootstrap import Desk, Unavailable, open_desk
from commandcenter.domain.decisions import Refused
from commandcenter.settings.file import open_settings
from commandcenter.sync.queries import (
    CarriedQuery,
    FiguresQuery,
    HistoryQuery,
    LeadAdviceQuery,
    PlacesQuery,
    SearchQuery,
    SeatDayQuery,
)
from tests.hostile.front import Front, fronting
from tests.hostile.lies import PROBLEM, said
from tests.hostile.protocol_lies import a_lie
from tests.kit.console import environment, hall, take
from tests.kit.district import NOON, PASSWORD

AT_ONCE = 6  # false answers in a round
USER = "clerk"
SILENCE = 0.4  # seconds after which a silent stream counts as dead
MEMORY = 300  # megabytes by which a run may grow
_PATIENCE = 30.0
_GONE = said(b'{"type":"urn:x","title":"x","status":410,"code":"gone"}', status=410, media=PROBLEM)
_OUT = said(b'{"type":"urn:x","title":"x","status":401,"code":"signed_out"}', status=401, media=PROBLEM)
LED_BY = {"/v1/snapshot": {"/v1/events": _GONE}, "/v1/refresh": {"/v1/hello": _OUT}}
LINE = ("/v1/hello", "/v1/events", "/v1/snapshot", "/v1/refresh")
QUERIES: dict[str, Any] = {
    "/v1/cases": SearchQuery(q="积水"),
    "/v1/cases/c/history": HistoryQuery("c"),
    "/v1/cases/c/recommendation": LeadAdviceQuery("c"),
    "/v1/figures/summary": FiguresQuery(NOON - timedelta(days=9), NOON),
    "/v1/figures/day": SeatDayQuery(NOON - timedelta(days=1), NOON),
    "/v1/figures/carried": CarriedQuery(NOON - timedelta(days=1), NOON),
    "/v1/places/outline": PlacesQuery("outline"),
}
PATHS = (*LINE, "/v1/events", "/v1/commands", "/v1/commands", "/v1/sign-in", *QUERIES)


@dataclass(slots=True)
class Tally:
    """The result of a run; `wrong` describes each fault for a developer."""

    payloads: int = 0
    crashes: int = 0
    changes: int = 0
    grown: float = 0.0
    wrong: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """The last line that the command prints."""
        return f"payloads {self.payloads}, {self.crashes} crashes, {self.changes} journal changes"


class Rounds:
    """A live console behind the proxy; each round gives false answers for one path."""

    def __init__(self, desk: Desk, front: Front, folder: Path, chance: random.Random) -> None:
        self.tally = Tally()
        self._desk = desk
        self._front = front
        self._journal = folder / "journal.db"
        self._chance = chance
        self._about = ""
        self._began = memory()
        desk.tasks.failed.connect(self._failed)
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: self._crash(str(context)))

    async def one(self, count: int) -> None:
        """Gives `count` false answers for a random path, then real ones until the console is live with no open act."""
        path = self._chance.choice(PATHS)
        self._about = f"payloads {self.tally.payloads + 1} to {self.tally.payloads + count}, {path}"
        self._front.closed = {"/v1/commands"}
        kept = await self._desk.do(take())
        if isinstance(kept, Refused):
            self._crash(f"nothing could be kept: {kept}")
        before = rows(self._journal)
        self._front.lie(path, (a_lie(self._chance, path) for _ in range(count)), LED_BY.get(path, {}))
        await self._hear_all(path)
        self._compare(before)
        self._front.honest()
        await self.come_back()
        self.tally.payloads += count
        self.tally.grown = max(self.tally.grown, memory() - self._began)

    async def come_back(self) -> None:
        """Waits until the console is live with no open act, signing in when needed; a timeout counts as a crash."""
        desk = self._desk
        self._front.cut()
        try:
            async with asyncio.timeout(_PATIENCE):
                while not self._is_well():
                    if desk.connection.state == "signed_out":
                        await desk.user.sign_in(self._front.url, USER, PASSWORD)
                    await asyncio.sleep(0.005)
        except (TimeoutError, Unavailable) as wrong:
            at = desk.connection
            self._crash(f"does not come back: {at.state} {at.code} {at.about}, {len(desk.acts.open)} open, {wrong}")

    async def _hear_all(self, path: str) -> None:
        """Makes the console ask until it has received and handled every false answer."""
        self._front.cut()
        try:
            async with asyncio.timeout(_PATIENCE):
                while self._front.lies or not self._has_done_with(path):
                    if path == "/v1/sign-in" or self._desk.connection.state == "signed_out":
                        await self._unless_unavailable(self._desk.user.sign_in(self._front.url, USER, PASSWORD))
                    elif path in QUERIES:
                        await self._unless_unavailable(self._desk.ask(QUERIES[path]))
                    await asyncio.sleep(0.005)
        except TimeoutError:
            self._crash(f"stands still with {len(self._front.lies)} not asked for: {self._desk.connection.state}")
            self._front.lies.clear()

    def _has_done_with(self, path: str) -> bool:
        """Whether the console asked again after the last false answer, or accepted that one and went on."""
        return self._front.is_asked_again or (path == "/v1/hello" and self._desk.connection.state == "live")

    async def _unless_unavailable(self, asking: Awaitable[object]) -> None:
        try:
            await asking
        except Unavailable:
            return
        except Exception as wrong:
            self._crash(f"{type(wrong).__name__}: {wrong}")

    def _is_well(self) -> bool:
        at = self._desk.connection
        return at.state == "live" and not at.stale and not self._desk.acts.open

    def _compare(self, before: set[Any]) -> None:
        now = rows(self._journal)
        if now != before:
            self.tally.changes += 1
            self.tally.wrong.append(f"{self._about}: the journal changed: {sorted(now ^ before)[:2]}")

    def _failed(self, wrong: BaseException) -> None:
        self._crash(f"{type(wrong).__name__}: {str(wrong)[:300]}")

    def _crash(self, how: str) -> None:
        self.tally.crashes += 1
        self.tally.wrong.append(f"{self._about}: {how[:600]}")


def rows(journal: Path) -> set[Any]:
    """Returns every command in the journal with its state, reason and result."""
    with closing(sqlite3.connect(f"{journal.as_uri()}?mode=ro", uri=True)) as connection:
        return set(connection.execute("SELECT cmd_id, cseq, state, code, about, epoch, seq, proof FROM commands"))


def memory() -> float:
    """Returns the resident memory of this process in MB (pages of 4096 bytes); 0 where there is no /proc."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * 4096 / 1e6


@asynccontextmanager
async def at_work(folder: Path, seed: int) -> AsyncIterator[Rounds]:
    """Yields the rounds of a live console behind the proxy of a real platform."""

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / 500)

    async with hall(folder / "platform") as url, fronting(int(url.rpartition(":")[2])) as front:
        chance = random.Random(seed)
        desk = await open_desk(
            open_settings(folder=folder / "console"), environment=replace(environment(silence=SILENCE), sleep=sleep)
        )
        try:
            await desk.user.sign_in(front.url, USER, PASSWORD)
            rounds = Rounds(desk, front, folder / "console", chance)
            await rounds.come_back()
            yield rounds
        finally:
            await desk.close()
            asyncio.get_running_loop().set_exception_handler(None)


async def run(folder: Path, *, payloads: int, seed: int, tell: Callable[[Tally], None] = lambda tally: None) -> Tally:
    """Gives `payloads` false answers to a console in `folder`; ends early after 20 faults."""
    async with at_work(folder, seed) as rounds:
        tally = rounds.tally
        while tally.payloads < payloads and len(tally.wrong) < 20:
            await rounds.one(min(AT_ONCE, payloads - tally.payloads))
            tell(tally)
        if tally.grown > MEMORY:
            tally.wrong.append(f"grown by {tally.grown:.0f} MB, more than {MEMORY}")
        return tally


def main(argv: list[str]) -> int:
    """Runs the command line; returns 1 when a fault was found, else 0."""
    parser = argparse.ArgumentParser(prog="main.py test hostile", description="平台胡说 · a platform that lies")
    parser.add_argument("--payloads", type=int, default=300, metavar="N", help="答复数 · how many (%(default)s)")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 20), metavar="S", help="随机种子 · of chance")
    asked = parser.parse_args(argv)
    print(f"seed {asked.seed}", flush=True)
    logging.disable(logging.CRITICAL)  # faults are printed below
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        tally = asyncio.run(run(Path(folder), payloads=asked.payloads, seed=asked.seed, tell=_told))
    print(*tally.wrong, sep="\n", end="\n" if tally.wrong else "")
    print(f"memory grown by {tally.grown:.0f} MB")
    print(tally.line)
    return 1 if tally.wrong else 0


def _told(tally: Tally) -> None:
    if tally.payloads % 600 < AT_ONCE:
        print(tally.line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
