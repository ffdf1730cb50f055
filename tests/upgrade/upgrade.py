"""`main.py test upgrade`: opens files of every release with this version and the next, killed in the middle."""

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.upgrade.record import FILES, RELEASES, made

ROOT = Path(__file__).resolve().parents[2]
WHATS = {"console": ("journal", "cache"), "platform": ("platform",)}
LASTING = {  # what has to be there afterwards, whatever becomes of the tables: {table: columns that stay}
    "journal": {
        "commands": (
            "cmd_id",
            "cseq",
            "user",
            "district",
            "type",
            "args",
            "refs",
            "bases",
            "made_at",
            "state",
            "proof",
        ),
        "drafts": ("user", "key", "body"),
        "meta": ("key", "value"),
    },
    "cache": {"records": ("kind", "id", "rev", "body"), "standing": ("body",)},
    "platform": {
        "cases": ("district", "id", "rev", "number", "stage", "street", "responsible", "body"),
        "records": ("district", "kind", "id"),
        "log": ("district", "seq", "part", "actor", "cmd_id", "kind", "record", "rev", "facts"),
        "steps": ("district", '"case"', "rev", "cycle", "verb", "actor", "role", "holder", "due", "acted_at", "worked"),
        "dedupe": ("district", "cmd_id", "user", "body_hash", "result"),
        "audit": ("district", "user", "action", "record", "cmd_id", "outcome"),
        "districts": ("id", "epoch", "bases", "head", "floor"),
        "vault": ("district", "petitioner", "sealed"),
        "accounts": ("user", "password"),
        "spans": ("user", "role", "district", "street", "department", "unit", "grid", "since"),
        "case_words": ("rowid", "words"),
    },
}
Rows = dict[str, list[tuple[object, ...]]]


@dataclass(slots=True)
class Tally:
    """The result of a run; `wrong` describes each fault for a developer."""

    releases: int = 0
    cycles: int = 0
    kills: int = 0
    lost: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """The last line that the command prints."""
        return f"releases {self.releases}, cycles {self.cycles}, {self.kills} kills, {self.lost} lost"


class Release:
    """A released version: its files, the rows in them, and how many statements each opening of them takes."""

    def __init__(self, recorded: Path, work: Path) -> None:
        self.name = recorded.name
        self.files = work / f"release-{self.name}"
        made(recorded, self.files)
        self.holds = {name: standing(self.files, name) for name in FILES}
        self._statements: dict[tuple[str, bool], int] = {}
        self._work = work

    def cycle(self, what: str, *, further: bool, chance: random.Random) -> list[str]:
        """Opens the files, killed before a random statement, and opens them again; returns what is wrong then.

        `further`: with the next version.
        """
        at = chance.randint(1, self._count(what, further=further))
        with tempfile.TemporaryDirectory(dir=self._work) as folder:
            copy = Path(folder, "files")
            shutil.copytree(self.files, copy)
            where = f"release {self.name}, {what}, {'the next' if further else 'this'} version, killed at {at}"
            killed = opened(what, copy, die_at=at, further=further)
            if killed.returncode != -9:
                return [f"{where}: ended with {killed.returncode} instead"]
            again = opened(what, copy, further=further)
            if again.returncode:
                return [f"{where}: does not open again: {again.stderr[-300:]}"]
            return [
                f"{where}: {fault}" for fault in (*self.missing(copy, what), *(_refuses(what, copy) if further else ()))
            ]

    def missing(self, files: Path, what: str) -> list[str]:
        """Returns what was in the files of the release and is missing in `files`."""
        faults = []
        for name in WHATS[what]:
            now = standing(files, name)
            for table, rows in self.holds[name].items():
                gone = [row for row in rows if row not in now.get(table, [])]
                if gone:
                    faults.append(
                        f"{name}: {len(gone)} of {len(rows)} rows of {table} are gone, one is {gone[0]!r:.200}"
                    )
        return faults

    def _count(self, what: str, *, further: bool) -> int:
        key = what, further
        if key not in self._statements:
            with tempfile.TemporaryDirectory(dir=self._work) as folder:
                copy = Path(folder, "files")
                shutil.copytree(self.files, copy)
                done = opened(what, copy, further=further)
                assert done.returncode == 0, done.stderr
                self._statements[key] = int(done.stdout.split()[-1])
        return self._statements[key]


def opened(what: str, files: Path, *, die_at: int = 0, further: bool = False) -> "subprocess.CompletedProcess[str]":
    """Opens the files in a process of its own, within 120 seconds; returns the process after its end."""
    words = [what, str(files), "--die-at", str(die_at), *(["--further"] if further else [])]
    command = [sys.executable, "-m", "tests.upgrade.opening", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def standing(files: Path, name: str) -> Rows:
    """Returns the rows that must last, of the tables that exist in the file; the file must be intact."""
    with closing(sqlite3.connect(files / FILES[name])) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        return {
            table: connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
            for table, columns in LASTING[name].items()
            if table in there
        }


def _refuses(what: str, files: Path) -> list[str]:
    """Returns what is wrong when this version opens files of the next: it must refuse them and not change them."""
    before = {name: (files / FILES[name]).read_bytes() for name in WHATS[what]}
    done = opened(what, files)
    word = "newer"
    if done.returncode == 0 or word not in done.stderr:
        return ["this version does not refuse what the next one made"]
    touched = [name for name, raw in before.items() if (files / FILES[name]).read_bytes() != raw]
    return [f"refused, but {', '.join(touched)} was touched"] if touched else []


def run(work: Path, *, cycles: int, seed: int, tell: Callable[[Tally], None] = lambda tally: None) -> Tally:
    """Runs `cycles` cycles over all releases in the folder `work`; ends after a cycle with a fault."""
    chance, tally = random.Random(seed), Tally()
    releases = [Release(recorded, work) for recorded in sorted(RELEASES.iterdir()) if recorded.is_dir()]
    tally.releases = len(releases)
    for _ in range(cycles):
        for release in releases:
            for what in WHATS:
                faults = release.cycle(what, further=chance.random() < 0.5, chance=chance)
                tally.kills += 1
                tally.lost += sum("are gone" in fault for fault in faults)
                tally.wrong += faults
        tally.cycles += 1
        tell(tally)
        if tally.wrong:
            break
    return tally


def main(argv: list[str]) -> int:
    """Runs the command line; returns 1 when a fault was found, else 0."""
    parser = argparse.ArgumentParser(prog="main.py test upgrade", description="升级中途被杀 · killed while upgrading")
    parser.add_argument("--cycles", type=int, default=3, metavar="N", help="次数 · how many (%(default)s)")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 20), metavar="S", help="随机种子 · of chance")
    asked = parser.parse_args(argv)
    print(f"seed {asked.seed}", flush=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        tally = run(Path(folder), cycles=asked.cycles, seed=asked.seed, tell=_told)
    print(*tally.wrong, sep="\n", end="\n" if tally.wrong else "")
    print(tally.line)
    return 1 if tally.wrong else 0


def _told(tally: Tally) -> None:
    if tally.cycles % 5 == 0:
        print(tally.line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
