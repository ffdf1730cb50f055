"""Records the files of this version for later upgrade tests: `python -m tests.upgrade.record N`, once at each release.

A small hall at work, as readable SQL: cases in several stages on the platform, acts in several states in the journal.
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
_SHADOW = re.compile(r"CREATE TABLE '(case_words_\w+)'.*")  # made by the full-text table itself
_VIRTUAL = re.compile(r"INSERT INTO sqlite_master.*'(CREATE VIRTUAL TABLE .*)'\);")  # as some Pythons dump it


async def work(folder: Path) -> None:
    """Makes in `folder` a shift leader's console and its platform.

    Its acts are done, refused, dropped, kept, and adopted from another user; there is also a draft.
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
            for act in shift.decisions.waiting:
                await shift.decisions.adopt(act.cmd_id)
            await idle(shift)
            await done(shift, File(wishes[0].case))
            await until(lambda: other.may(case(other, wishes[0].case)))
            await done(other, Dispatch(wishes[0].case, "east-urban"))
            await shift.drafts.keep("intake", {"text": "写到一半"})
            network.cut()
            async with seated(folder / "e", url, USER) as twin:  # the same user at another console is quicker
                late = [await shift.do(File(wish.case)) for wish in wishes[1:3]]
                for wish in wishes[1:3]:
                    await done(twin, File(wish.case, "stall"))
            network.mend()
            await live(shift)
            await until(lambda: len(shift.acts.needing) == len(late) or not shift.acts.open)
            for act in shift.acts.needing[:1]:
                await shift.decisions.drop(act.cmd_id)
            network.cut()
            kept = [await shift.do(File(wish.case)) for wish in wishes[3:5]]
            assert all(isinstance(act, Act) for act in kept), kept


async def _left(folder: Path, url: str) -> None:
    """Leaves an unsent act of another user at the same console."""
    network = Wire()
    async with seated(folder / "console", url, "clerk", network) as clerk:
        network.cut()
        assert isinstance(await clerk.do(take()), Act)


def written(file: Path) -> str:
    """Returns the database as SQL, with its `user_version`."""
    with closing(sqlite3.connect(file)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        lines = [_SHADOW.sub(r"DELETE FROM \1;", _plain(line)) for line in connection.iterdump()]
        lines = [line for line in lines if "writable_schema" not in line]
        return "\n".join([f"PRAGMA user_version={version};", *lines]) + "\n"


def _plain(line: str) -> str:
    """Returns the line; for the full-text table, the statement that creates it."""
    virtual = _VIRTUAL.fullmatch(line)
    return line if virtual is None else virtual[1].replace("''", "'") + ";"


def made(release: Path, folder: Path) -> None:
    """Makes the files of `release` in `folder`, as its programs would have left them."""
    for name, place in FILES.items():
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript((release / f"{name}.sql").read_text(encoding="utf-8"))


def main(argv: list[str]) -> int:
    """Records this version as the release `argv[0]`; returns 0."""
    release = RELEASES / argv[0]
    release.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(work(Path(folder)))
        for name, place in FILES.items():
            (release / f"{name}.sql").write_text(written(Path(folder) / place), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
