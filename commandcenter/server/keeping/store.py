"""The database of a data folder: opened, brought to this version, refused in words when it cannot be used."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from commandcenter.server.keeping.flushing import flush_file, flush_names
from commandcenter.server.keeping.migrations import upgrade
from commandcenter.server.trouble import Unusable
from commandcenter.settings.folders import new_folder

NAME = "platform.db"
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-65536",
)
_CORRUPT = ("malformed", "not a database", "file is encrypted")


def database(data: Path) -> Path:
    """The database file of the data folder `data`."""
    return data / NAME


def has_database(data: Path) -> bool:
    """Whether `data` holds a database already; an empty file is what an interrupted first start leaves, and is none."""
    file = database(data)
    return file.exists() and file.stat().st_size > 0


def open_writer(data: Path) -> Engine:
    """The engine of the one writer, its tables brought to this version; Unusable in one sentence otherwise."""
    _for_this_user_alone(data)
    _check_rights(data)
    engine = _engine(data, begin="BEGIN IMMEDIATE", pragmas=_PRAGMAS, connections=1)
    try:
        with engine.begin() as connection:
            upgrade(connection, data)
    except (DBAPIError, MemoryError) as wrong:
        engine.dispose()
        raise _in_words(data, wrong) from wrong
    except Unusable:
        engine.dispose()
        raise
    return engine


def open_readers(data: Path) -> Engine:
    """The engine of those who only read; each reader takes a connection of its own."""
    return _engine(data, begin="BEGIN", pragmas=(*_PRAGMAS[2:], "PRAGMA query_only=ON"), connections=8)


@contextmanager
def writing(data: Path) -> Iterator[Connection]:
    """One transaction on the database of `data`, for a tool that holds the folder (see `holding`)."""
    engine = open_writer(data)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def beside(data: Path, name: str) -> Iterator[Path]:
    """The folder `name` in `data`, for this user alone, to make a new database in; gone when the block ends.

    What an interrupted one left in it is thrown away.
    """
    folder = data / name
    shutil.rmtree(folder, ignore_errors=True)
    new_folder(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def settle(data: Path) -> None:
    """The log of the database of `data` into its file, and that onto the disk: one rename moves everything.

    OSError when the disk does not take it.
    """
    with bare_errors_as_os_errors(), closing(sqlite3.connect(database(data))) as there:
        there.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        there.execute("PRAGMA journal_mode=DELETE").fetchall()
    flush_file(database(data))


@contextmanager
def bare_errors_as_os_errors() -> Iterator[None]:
    """An error of sqlite3 itself, which SQLAlchemy did not wrap, leaves the block as an OSError with the same text."""
    try:
        yield
    except sqlite3.Error as wrong:
        raise OSError(errno.EIO, str(wrong)) from wrong


def take_place(new: Path, data: Path) -> None:
    """The settled database of the folder `new` is the one of `data` from now on, in the place of one that was there."""
    os.replace(database(new), database(data))
    flush_names(data)


def _for_this_user_alone(data: Path) -> None:
    """A new database is readable by nobody else; SQLite gives its side files the same rights."""
    with suppress(FileExistsError):
        os.close(os.open(database(data), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _check_rights(data: Path) -> None:
    """SQLite would open what may only be read, and say so at the first command."""
    if not os.access(database(data), os.R_OK | os.W_OK):
        text = f"{database(data)} may not be written by this user: nothing was changed; check its rights."
        raise Unusable("read_only", text)


def _engine(data: Path, *, begin: str, pragmas: tuple[str, ...], connections: int) -> Engine:
    engine = create_engine(
        f"sqlite:///{database(data)}",
        pool_size=connections,
        max_overflow=0 if connections == 1 else 32,
        hide_parameters=True,  # what people said must not get into a log by way of an error's text
        connect_args={"check_same_thread": False, "cached_statements": 256},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _in_words(data: Path, wrong: DBAPIError | MemoryError) -> Unusable:
    reason = str(wrong.orig) if isinstance(wrong, DBAPIError) else "malformed: there is no memory for what it claims"
    if any(word in reason for word in _CORRUPT):
        text = f"{database(data)} is damaged ({reason}) and was left as it is: put a backup in its place."
        return Unusable("corrupt", text)
    text = f"{database(data)} cannot be used ({reason}): nothing was changed; check the folder's rights and space."
    return Unusable("read_only", text)
