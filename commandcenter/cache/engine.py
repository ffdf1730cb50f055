"""SQLite as the console uses it: write-ahead log, transactions that begin when we say so, faults told in our words."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from commandcenter.cache.faults import Damaged, DiskFault

# SQLite quotes a damaged schema in its errors, byte by byte: such an error cannot even be read; of some damaged lengths
# it says that there is no memory for them
_FAULTS = (SQLAlchemyError, sqlite3.Error, UnicodeDecodeError, MemoryError)
_NOT_OURS = ("malformed", "not a database", "disk image", "no such table", "no such column", "schema", "decode")


def open_engine(file: Path | None, *, synchronous: str) -> Engine:
    """An engine over `file` (None: in memory) with one connection; `synchronous` is FULL or NORMAL."""
    address = "sqlite+pysqlite://" if file is None else f"sqlite+pysqlite:///{file}"
    if file is not None:
        _for_this_user_alone(file)
    engine = create_engine(
        address,
        poolclass=StaticPool,
        hide_parameters=True,  # what people said must not get into a log by way of an error's text
        connect_args={"check_same_thread": False, "timeout": 5.0},
    )

    @event.listens_for(engine, "connect")
    def _prepare(raw: Any, _record: object) -> None:
        raw.isolation_level = None
        for line in ("journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON", "temp_store=MEMORY"):
            raw.execute(f"PRAGMA {line}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _for_this_user_alone(file: Path) -> None:
    """A new file is readable by nobody else; SQLite gives its side files the same rights, and says what is wrong."""
    with suppress(OSError):
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """All or nothing; Damaged when the file is not what it was, DiskFault when the disk does not take it."""
    try:
        with engine.begin() as connection:
            yield connection
    except _FAULTS as wrong:
        raise fault_of(wrong, engine) from wrong


def fault_of(wrong: Exception, engine: Engine) -> DiskFault | Damaged:
    """Our word for an error of the database."""
    said = str(wrong.orig) if isinstance(wrong, DBAPIError) else str(wrong) or type(wrong).__name__
    return Damaged(engine.url.database) if is_damage(said) else DiskFault(said)


def is_damage(said: str) -> bool:
    """Whether an error of SQLite is about what is in the file, and not about the disk under it."""
    return any(words in said for words in _NOT_OURS)


def check(engine: Engine) -> None:
    """Damaged when SQLite finds the file inconsistent."""
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    except MemoryError as wrong:
        raise Damaged(engine.url.database) from wrong
    except _FAULTS as wrong:
        raise fault_of(wrong, engine) from wrong
    if found != "ok":
        raise Damaged(engine.url.database)
