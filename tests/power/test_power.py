"""Tests that nothing shown as kept or acknowledged is lost when the power fails at any moment."""

import logging
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from commandcenter.cache import engine, journal
from commandcenter.server.storage import database
from tests.faults.schedule import _memory, _template
from tests.kit.console import console, running_platform
from tests.power import power
from tests.power.disk import forgetful, is_whole

CUTS = 50
FULL, NORMAL = 2, 1


@pytest.fixture
def seed(capsys: pytest.CaptureFixture[str]) -> int:
    """A random seed, printed so that the run can be repeated."""
    drawn = random.randrange(1 << 31)
    with capsys.disabled():
        print(f" [power: seed {drawn}]", end="", flush=True)
    return drawn


def test_what_was_shown_as_kept_is_there_when_the_power_is_back(seed: int) -> None:
    tally = power.cut(CUTS, seed)
    assert not tally.told, "\n".join(tally.told)
    assert tally.cuts >= CUTS
    assert tally.line == f"cuts {tally.cuts}, lost 0, doubled 0, wrong 0"


@pytest.fixture
def unheard() -> Iterator[None]:
    """Disables logging, because the test damages the platform's files on purpose."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def quick() -> Iterator[Path]:
    """A folder in memory, if the system has one, because flushing a disk is slow."""
    with tempfile.TemporaryDirectory(prefix="power-", dir=_memory()) as folder:
        yield Path(folder).resolve()


@pytest.mark.usefixtures("unheard")
@pytest.mark.parametrize("how", ["OFF", "NORMAL"])
def test_a_journal_that_is_not_flushed_is_found_out(how: str) -> None:
    with patch.object(journal, "open_engine", _opened(how)):
        assert _first_broken(1, 60)


@pytest.mark.usefixtures("unheard")
def test_a_platform_that_is_not_flushed_is_found_out() -> None:
    with patch.object(database, "_WRITER", tuple(line.replace("FULL", "OFF") for line in database._WRITER)):
        assert _first_broken(1, 30)


async def test_the_files_are_opened_as_the_proof_has_it(tmp_path: Path) -> None:
    async with console(tmp_path / "seat") as desk:
        files = desk._parts.close.__self__  # type: ignore[attr-defined]
        assert _said(files.journal._engine) == ("wal", FULL)
        assert _said(files.cache._engine) == ("wal", NORMAL)
    with running_platform(tmp_path / "platform") as platform:
        assert platform.writer.submit(_pragmas).result() == ("wal", FULL)
        assert platform.readers.now(_pragmas)[0] == "wal"


@pytest.mark.parametrize(("how", "loses"), [("FULL", False), ("NORMAL", True), ("OFF", True)])
def test_the_disk_forgets_what_was_not_flushed_and_nothing_else(quick: Path, how: str, loses: bool) -> None:
    lost = damaged = 0
    for number in range(40):
        told, there = _inserted(quick / str(number), how, random.Random(number))
        lost += there is not None and there < told
        damaged += there is None
    assert bool(lost) is loses
    assert bool(damaged) is (how == "OFF")


def test_what_was_whole_before_is_left_alone(tmp_path: Path) -> None:
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
    with forgetful(tmp_path / "in") as disk, closing(sqlite3.connect(tmp_path / "out" / "x.db")) as other:
        other.execute("CREATE TABLE a (n)")
        other.commit()
        assert disk.left(tmp_path, random.Random(1)) == {}
    assert is_whole(tmp_path / "out" / "x.db")


def _opened(how: str) -> Callable[..., Any]:
    real = engine.open_engine
    return lambda file, *, synchronous: real(file, synchronous=how)


def _first_broken(first: int, last: int) -> list[power.Verdict]:
    _template()  # created while no power can fail
    found: Iterator[power.Verdict] = (power.judged(seed) for seed in range(first, last))
    return [one for one in [next((one for one in found if one.broken), None)] if one is not None]


def _said(engine_: Any) -> tuple[str, int]:
    with engine_.connect() as connection:
        return _pragmas(connection)


def _pragmas(connection: Any) -> tuple[str, int]:
    mode, flushes = (connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous"))
    return str(mode), int(flushes)


def _inserted(folder: Path, how: str, chance: random.Random) -> tuple[int, int | None]:
    """Returns (rows acknowledged when the power failed, rows there afterwards or None for a damaged database)."""
    folder.mkdir()
    told, due = [0], [chance.randint(30, 200)]
    found: list[tuple[int, dict[Path, bytes]]] = []

    def wrote(name: str) -> None:
        due[0] -= 1
        if due[0] == 0:
            found.append((told[0], disk.left(folder, chance)))

    with forgetful(folder.parent, wrote) as disk:
        with closing(sqlite3.connect(folder / "x.db", isolation_level=None)) as database:
            for line in ("journal_mode=WAL", f"synchronous={how}", "wal_autocheckpoint=20"):
                database.execute(f"PRAGMA {line}").fetchall()
            database.execute("CREATE TABLE a (n INTEGER PRIMARY KEY, b BLOB)")
            for told[0] in range(60):
                database.execute("INSERT INTO a (b) VALUES (randomblob(3000))")
        ((before, left),) = found
        disk.put_back(folder, left)
    if not is_whole(folder / "x.db"):
        return before, None
    with closing(sqlite3.connect(folder / "x.db")) as database:
        is_made = database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        return before, database.execute("SELECT count(*) FROM a").fetchone()[0] if is_made else 0
