"""Opens the database of a data folder, migrates it to the current schema, and puts a new database in its place."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from commandcenter.files.durable import ensure_private, flush_file, flush_folder
from commandcenter.files.sqlite import open_engine, opened_bare
from commandcenter.server.errors import UnusableEnvironment
from commandcenter.server.storage.migrations import upgrade
from commandcenter.settings.folders import new_folder

NAME = "platform.db"
# KiB of pages that a connection may keep for itself; the operating system keeps them as well, once for all
_WRITER_CACHE, _READER_CACHE = "cache_size=-16384", "cache_size=-8192"
_WRITER = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", _WRITER_CACHE)
_READER = ("busy_timeout=10000", _READER_CACHE, "query_only=ON")
_CORRUPT = ("malformed", "not a database", "file is encrypted")


def file_in(data: Path) -> Path:
    """Returns the path of the database file in the data folder `data`."""
    return data / NAME


def has_database(data: Path) -> bool:
    """Returns whether `data` holds a database; an empty file, left by an interrupted first start, is none."""
    file = file_in(data)
    return file.exists() and file.stat().st_size > 0


def open_writer(data: Path) -> Engine:
    """Returns the engine of the single writer, its tables migrated to the current schema.

    Raises UnusableEnvironment when the database cannot be written, is damaged, or was made by a newer version.
    """
    ensure_private(file_in(data))  # SQLite gives its side files the same rights
    _check_rights(data)
    engine = open_engine(file_in(data), begin="BEGIN IMMEDIATE", pragmas=_WRITER, pool_size=1, max_overflow=0)
    try:
        with engine.begin() as connection:
            upgrade(connection, data)
    except (DBAPIError, MemoryError) as wrong:
        engine.dispose()
        raise _unusable(data, wrong) from wrong
    except UnusableEnvironment:
        engine.dispose()
        raise
    return engine


def open_readers(data: Path) -> Engine:
    """Returns the engine for reading only; each reader takes a connection of its own."""
    return open_engine(file_in(data), begin="BEGIN", pragmas=_READER, pool_size=8, max_overflow=32)


@contextmanager
def writing(data: Path) -> Iterator[Connection]:
    """Yields the connection of one transaction on the database of `data`, migrated to the current schema.

    For a tool that holds the data folder (folder_lock.hold). Raises UnusableEnvironment as `open_writer` does.
    """
    engine = open_writer(data)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def staging_folder(data: Path, name: str) -> Iterator[Path]:
    """Yields the new folder `name` in `data`, readable by this user only, in which to build a database.

    The folder is deleted when the block ends; what an interrupted run left in it is deleted first.
    """
    folder = data / name
    shutil.rmtree(folder, ignore_errors=True)
    new_folder(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def checkpoint(data: Path) -> None:
    """Moves the WAL of the database of `data` into its file and flushes that, so that one rename moves all of it.

    Raises OSError when the disk fails.
    """
    with bare_errors_as_os_errors(), opened_bare(file_in(data)) as there:
        there.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        there.execute("PRAGMA journal_mode=DELETE").fetchall()
    flush_file(file_in(data))


@contextmanager
def bare_errors_as_os_errors() -> Iterator[None]:
    """Raises errors of sqlite3 itself, not wrapped by SQLAlchemy, as an OSError with the same text."""
    try:
        yield
    except sqlite3.Error as wrong:
        raise OSError(errno.EIO, str(wrong)) from wrong


def replace_database(new: Path, data: Path) -> None:
    """Makes the settled database of the folder `new` that of `data`, replacing the one there, and flushes the names."""
    os.replace(file_in(new), file_in(data))
    flush_folder(data)


def _check_rights(data: Path) -> None:
    """Raises UnusableEnvironment for a read-only file: SQLite would open it and fail only at the first statement."""
    if not os.access(file_in(data), os.R_OK | os.W_OK):
        text = f"{file_in(data)} may not be written by this user: nothing was changed; check its rights."
        raise UnusableEnvironment("read_only", text)


def _unusable(data: Path, wrong: DBAPIError | MemoryError) -> UnusableEnvironment:
    reason = str(wrong.orig) if isinstance(wrong, DBAPIError) else "malformed: there is no memory for what it claims"
    if any(word in reason for word in _CORRUPT):
        text = f"{file_in(data)} is damaged ({reason}) and was left as it is: put a backup in its place."
        return UnusableEnvironment("corrupt", text)
    text = f"{file_in(data)} cannot be used ({reason}): nothing was changed; check the folder's rights and space."
    return UnusableEnvironment("read_only", text)
