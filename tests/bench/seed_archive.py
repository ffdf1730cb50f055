"""Seconds to seed the archive of eight months and the default district, beside raw sqlite3 writing the same rows."""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from commandcenter.demonstration import seed
from commandcenter.server.storage.database import file_in

NAMES = ("seed.archive", "seed.default")
PEER = "raw sqlite3 executemany of the same rows"
_TABLES = ("cases", "log", "steps", "records", "case_words")
_CHUNK = 5000


def rows(only: str | None) -> Iterator[dict[str, Any]]:
    """Yields a row for each name that begins with `only`."""
    for name, full, most in (("seed.archive", True, 40.0), ("seed.default", False, 5.0)):
        if only is None or name.startswith(only):
            yield _row(name, full=full, most=most)


def _row(name: str, *, full: bool, most: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        seed.seed(Path(folder), full=full, tell=lambda line: None)
        value = time.perf_counter() - began
        peer = _written_again(file_in(Path(folder)), Path(folder) / "peer.db")
    return {
        "name": name,
        "value": value,
        "unit": "s",
        "peer": PEER,
        "peer_value": peer,
        "ratio": value / peer,
        "bound": f"<= {most:g} s",
        "holds": value <= most,
    }


def _written_again(source: Path, target: Path) -> float:
    """Returns the seconds of raw sqlite3 to write the rows of `source` to the same tables in `target`, indexes last."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target, isolation_level=None)) as write:
        made = dict(read.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        found = read.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL")
        indexes = [sql for (sql,) in found]
        write.execute("PRAGMA journal_mode=OFF")
        write.execute("PRAGMA synchronous=OFF")
        for table in _TABLES:
            write.execute(made[table])
        seconds = _timed(write, "BEGIN")
        for table in _TABLES:
            seconds += _copy(read, write, table)
        for sql in indexes:
            if any(f" ON {table} " in sql for table in _TABLES):
                seconds += _timed(write, sql)
        return seconds + _timed(write, "COMMIT")


def _copy(read: sqlite3.Connection, write: sqlite3.Connection, table: str) -> float:
    cursor = read.execute(f"SELECT {'rowid, words' if table == 'case_words' else '*'} FROM {table}")
    marks = ", ".join("?" * len(cursor.description))
    into = f"{table} (rowid, words)" if table == "case_words" else table
    seconds = 0.0
    while chunk := cursor.fetchmany(_CHUNK):
        began = time.perf_counter()
        write.executemany(f"INSERT INTO {into} VALUES ({marks})", chunk)
        seconds += time.perf_counter() - began
    return seconds


def _timed(write: sqlite3.Connection, sql: str) -> float:
    began = time.perf_counter()
    write.execute(sql)
    return time.perf_counter() - began
