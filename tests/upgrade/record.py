"""Writes down the files of this version for those to come: `python -m tests.upgrade.record N`, once at each release.

A small hall at work: cases in every stage on the platform, acts in every state in the journal, as SQL that can be read.
"""

import asyncio
import re
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from commandcenter.domain.commands import Dispatch, File
from commandcenter.store.overlay import Act
from tests.kit.console import Wire, case, done, hall, idle, live, seated, take, until

RELEASES = Path(__file__).with_name("releases")
FILES = {"journal": "console/journal.db", "cache": "console/cache.db", "platform": "platform/platform.db"}
USER = "shift"
_SHADOW = re.compile(r"CREATE TABLE '(case_words_\w+)'.*")  # made by the table of words itself
_VIRTUAL = re.compile(r"INSERT INTO sqlite_master.*'(CREATE VIRTUAL TABLE .*)'\);")  # as some versions of Python say it


async def work(folder: Path) -> None:
    """A shift leader's console: done, refused, dropped, kept, one of another taken over, a draft; behind it the
    platform that it knows.
    """
    network = Wire()
    async with hall(folder / "platform") as url:
        async with seated(folder / "clerk", url, "clerk") as clerk:
            wishes = [take(street) for street in ("east", "west", "east", "west", "east", "east")]
            for wish in wishes:
                await done(clerk, wish)
        await _left(folder, url)
        seats = (seated(folder / "console", url, USER, network), seated(folder / "d", url, "dispatcher"))
        async with seats[0] as shift, seats[1] as other:
            await until(lambda: all(shift.board.find("case", wish.case) for wish in wishes))
            for act in shift.waiting:
                await shift.adopt(act.cmd_id)
            await idle(shift)
            await done(shift, File(wishes[0].case))
            await until(lambda: other.may(case(other, wishes[0].case)))
            await done(other, Dispatch(wishes[0].case, "east-urban"))
            await shift.keep_draft("intake", {"text": "写到一半"})
            network.cut()
            async with seated(folder / "e", url, USER) as twin:  # the same seat elsewhere was quicker
                late = [await shift.do(File(wish.case)) for wish in wishes[1:3]]
                for wish in wishes[1:3]:
                    await done(twin, File(wish.case, "stall"))
            network.mend()
            await live(shift)
            await until(lambda: len(shift.acts.needing) == len(late) or not shift.acts.open)
            for act in shift.acts.needing[:1]:
                await shift.drop(act.cmd_id)
            network.cut()
            kept = [await shift.do(File(wish.case)) for wish in wishes[3:5]]
            assert all(isinstance(act, Act) for act in kept), kept


async def _left(folder: Path, url: str) -> None:
    """At the same console somebody else was before, whose act did not leave any more."""
    network = Wire()
    async with seated(folder / "console", url, "clerk", network) as clerk:
        network.cut()
        assert isinstance(await clerk.do(take()), Act)


def written(file: Path) -> str:
    """The database as SQL; what its version is kept in as well."""
    with closing(sqlite3.connect(file)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        lines = [_SHADOW.sub(r"DELETE FROM \1;", _plain(line)) for line in connection.iterdump()]
        lines = [line for line in lines if "writable_schema" not in line]
        return "\n".join([f"PRAGMA user_version={version};", *lines]) + "\n"


def _plain(line: str) -> str:
    """The table of words by its own statement."""
    virtual = _VIRTUAL.fullmatch(line)
    return line if virtual is None else virtual[1].replace("''", "'") + ";"


def made(release: Path, folder: Path) -> None:
    """The files of `release` in `folder`, as its programs would have left them."""
    for name, place in FILES.items():
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript((release / f"{name}.sql").read_text(encoding="utf-8"))


def main(argv: list[str]) -> int:
    """Record this version as the release that ARGV names."""
    release = RELEASES / argv[0]
    release.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(work(Path(folder)))
        for name, place in FILES.items():
            (release / f"{name}.sql").write_text(written(Path(folder) / place), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
