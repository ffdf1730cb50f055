"""Opens SQLite with a write-ahead log and explicit transactions, and maps its errors to those of `cache.faults`."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from commandcenter.cache.faults import Damaged, DiskFault
from commandcenter.files import sqlite
from commandcenter.files.durable import ensure_private

# SQLite quotes a damaged schema in its error messages, which may then not be valid UTF-8; a damaged length makes it
# report that it is out of memory
_FAULTS = (SQLAlchemyError, sqlite3.Error, UnicodeDecodeError, MemoryError)
_DAMAGE_MESSAGES = ("malformed", "not a database", "disk image", "no such table", "no such column", "schema", "decode")


def open_engine(file: Path | None, *, synchronous: str) -> Engine:
    """Returns an engine for `file` (None: in memory) with a single connection; `synchronous` is FULL or NORMAL.

    A new file is readable by the current user only.
    """
    if file is not None:
        _create_private(file)
    pragmas = ("journal_mode=WAL", f"synchronous={synchronous}")
    return sqlite.open_engine(file, begin="BEGIN IMMEDIATE", pragmas=pragmas, poolclass=StaticPool)


def _create_private(file: Path) -> None:
    """Creates a missing file for the current user only; SQLite gives its side files the same mode.

    Errors are left to SQLite to report.
    """
    with suppress(OSError):
        ensure_private(file)


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Runs one transaction, all or nothing. Raises Damaged when the file is damaged, DiskFault when the disk fails."""
    try:
        with engine.begin() as connection:
            yield connection
    except _FAULTS as wrong:
        raise file_fault(wrong, engine) from wrong


def file_fault(wrong: Exception, engine: Engine) -> DiskFault | Damaged:
    """Maps a database error to Damaged or DiskFault."""
    said = str(wrong.orig) if isinstance(wrong, DBAPIError) else str(wrong) or type(wrong).__name__
    return Damaged(engine.url.database) if is_damage(said) else DiskFault(said)


def is_damage(said: str) -> bool:
    """Whether an SQLite error message is about the file's content, not about the disk."""
    return any(words in said for words in _DAMAGE_MESSAGES)


def check(engine: Engine) -> None:
    """Raises Damaged when SQLite finds the file inconsistent, DiskFault when the disk fails."""
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    except MemoryError as wrong:
        raise Damaged(engine.url.database) from wrong
    except _FAULTS as wrong:
        raise file_fault(wrong, engine) from wrong
    if found != "ok":
        raise Damaged(engine.url.database)
