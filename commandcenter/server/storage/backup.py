"""A copy of the database as it is at one moment, taken while the platform goes on, and what that copy holds."""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from commandcenter.server.errors import Unusable, reason_of
from commandcenter.server.storage.database import file_in, has_database, open_readers


@dataclass(frozen=True, slots=True)
class LogEnd:
    """How far a district's log goes: `head` is its last sequence number, `epoch` the one that it counts in."""

    epoch: int
    head: int


@dataclass(frozen=True, slots=True)
class CopyResult:
    """What a copy holds: the version of its tables, and the place in the log of each district."""

    revision: str
    districts: dict[str, LogEnd]


def copy(data: Path, to: Path) -> CopyResult:
    """Copy the database of `data` into the new file `to`, for this user alone; Unusable in one sentence.

    SQLite's own online backup, in one step: a transaction is in the copy whole or not at all, and the platform that
    holds the folder goes on writing meanwhile.
    """
    if not has_database(data):
        raise Unusable("no_database", f"{data} holds no database: name the data folder of a platform with --data.")
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        _copy(data, to)
        return _looked_at(to)
    except (DBAPIError, sqlite3.Error) as wrong:
        reason = reason_of(wrong)
        text = f"{file_in(data)} could not be copied ({reason}): there is no backup, and nothing was changed."
        raise Unusable("not_copied", text) from wrong


def _copy(data: Path, to: Path) -> None:
    engine = open_readers(data)
    try:
        source = engine.raw_connection()
        try:
            with closing(sqlite3.connect(to)) as made:
                current = source.driver_connection
                assert isinstance(current, sqlite3.Connection)
                current.backup(made)
                made.execute("PRAGMA journal_mode=DELETE").fetchall()  # one file, without a log beside it
        finally:
            source.close()
    finally:
        engine.dispose()


def _looked_at(file: Path) -> CopyResult:
    with closing(sqlite3.connect(file)) as copied:
        (found,) = copied.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(f"it is damaged: {found}")
        (revision,) = copied.execute("SELECT version_num FROM alembic_version").fetchone()
        rows = copied.execute("SELECT id, epoch, head FROM districts ORDER BY rowid")
        return CopyResult(revision, {key: LogEnd(epoch, head) for key, epoch, head in rows})
