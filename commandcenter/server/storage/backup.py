"""Copies the database into a new file while the platform keeps running, and reads what the copy holds."""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from commandcenter.files.durable import create_private
from commandcenter.files.sqlite import opened_bare
from commandcenter.server.errors import UnusableEnvironment, reason_of
from commandcenter.server.storage.database import file_in, has_database, open_readers


@dataclass(frozen=True, slots=True)
class LogEnd:
    """The end of a district's log: `head` is the last sequence number, counted in the epoch `epoch`."""

    epoch: int
    head: int


@dataclass(frozen=True, slots=True)
class CopyResult:
    """What a copy holds: the schema `revision`, and the end of each district's log by district id."""

    revision: str
    districts: dict[str, LogEnd]


def copy(data: Path, to: Path) -> CopyResult:
    """Copies the database of the data folder `data` into the new file `to`, readable by this user only.

    Uses SQLite's online backup in one step: the copy holds each transaction completely or not at all, and a platform
    that holds the folder can keep writing meanwhile. Raises UnusableEnvironment when `data` holds no database or
    copying fails, OSError when `to` exists or cannot be created.
    """
    if not has_database(data):
        raise UnusableEnvironment(
            "no_database", f"{data} holds no database: name the data folder of a platform with --data."
        )
    os.close(create_private(to))
    try:
        _copy(data, to)
        return _looked_at(to)
    except (DBAPIError, sqlite3.Error) as wrong:
        reason = reason_of(wrong)
        text = f"{file_in(data)} could not be copied ({reason}): there is no backup, and nothing was changed."
        raise UnusableEnvironment("not_copied", text) from wrong


def _copy(data: Path, to: Path) -> None:
    engine = open_readers(data)
    try:
        source = engine.raw_connection()
        try:
            with opened_bare(to) as made:
                current = source.driver_connection
                assert isinstance(current, sqlite3.Connection)
                current.backup(made)
                made.execute("PRAGMA journal_mode=DELETE").fetchall()  # a single file, without WAL side files
        finally:
            source.close()
    finally:
        engine.dispose()


def _looked_at(file: Path) -> CopyResult:
    with opened_bare(file) as copied:
        (found,) = copied.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(f"it is damaged: {found}")
        (revision,) = copied.execute("SELECT version_num FROM alembic_version").fetchone()
        rows = copied.execute("SELECT id, epoch, head FROM districts ORDER BY rowid")
        return CopyResult(revision, {key: LogEnd(epoch, head) for key, epoch, head in rows})
