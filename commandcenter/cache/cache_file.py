"""Manages `cache.db`, which holds only data that the platform can send again: it is rebuilt whenever it is in doubt."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    Connection,
    Dialect,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    TypeDecorator,
)

from commandcenter.cache.engine import check, open_engine, transaction
from commandcenter.cache.faults import FileFault
from commandcenter.cache.worker import Worker

T = TypeVar("T")
VERSION = 2

metadata = MetaData()


class Body(TypeDecorator[bytes]):
    """Bytes; SQLite does not detect a damaged cell that has become a value of another type."""

    impl = LargeBinary
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        """Returns the value as it was stored. Raises FileFault for one of another type."""
        if value is not None and not isinstance(value, bytes):
            raise FileFault("a record of the cache is of another type")
        return value


def _record_table(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("kind", String, nullable=False),
        Column("id", String, nullable=False),
        Column("rev", Integer, nullable=False),
        Column("body", Body, nullable=False),
        Column("proof", Integer, nullable=False),  # crc32 of the other columns: SQLite does not detect flipped bits
        PrimaryKeyConstraint("kind", "id"),
        sqlite_with_rowid=False,
    )


records = _record_table("records")
staged = _record_table("staged")
last_read = _record_table("last_read")  # of records whose present version cannot be read
mirror_position = Table("standing", metadata, Column("one", Integer, primary_key=True), Column("body", Body))
facts = Table(
    "facts",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("record", String, nullable=False, index=True),
    Column("type", String, nullable=False),
    Column("body", Body, nullable=False),
)
places = Table(
    "places",
    metadata,
    Column("layer", String, primary_key=True),
    Column("etag", String, nullable=False),
    Column("body", Body, nullable=False),
)


class CacheFile:
    """The cache database with its worker; `notes` lists the reasons of its last twenty rebuilds.

    The constructor opens or creates the file in the calling thread. When the disk refuses even an empty file, the cache
    is held in memory.
    """

    def __init__(self, file: Path, *, worker: Worker) -> None:
        self.notes: list[str] = []
        self._file = file
        self._worker = worker
        try:
            self._engine = self._opened(file)
        except FileFault as wrong:
            self._engine = self._rebuild(wrong)

    async def run(self, work: Callable[[Connection], T], otherwise: Callable[[], T]) -> T:
        """Runs `work` in one transaction and returns its result.

        On a file fault it rebuilds the file and returns `otherwise()`.
        """

        def whole() -> T:
            try:
                with transaction(self._engine) as connection:
                    return work(connection)
            except FileFault as wrong:
                self._engine = self._rebuild(wrong)
                return otherwise()

        return await self._worker.run(whole)

    async def clear(self, reason: str) -> None:
        """Rebuilds the file empty and notes `reason`."""
        await self._worker.run(lambda: setattr(self, "_engine", self._rebuild(FileFault(reason))))

    async def close(self) -> None:
        """Closes the file and ends the worker."""
        await self._worker.run(self._engine.dispose)
        self._worker.close()

    def _opened(self, file: Path | None) -> Engine:
        engine = open_engine(file, synchronous="NORMAL")
        try:
            check(engine)
            with transaction(engine) as connection:
                version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
                if version in (0, 1):  # 1 had no `last_read`
                    metadata.create_all(connection)
                    connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
                elif version != VERSION:
                    raise FileFault(f"version {version}")
        except BaseException:
            engine.dispose()
            raise
        return engine

    def _rebuild(self, reason: FileFault) -> Engine:
        """Returns the engine of a new empty file, or of a database in memory when the disk refuses that."""
        self.notes.append(str(reason))
        del self.notes[:-20]
        if hasattr(self, "_engine"):
            self._engine.dispose()
        try:
            for suffix in ("", "-wal", "-shm", "-journal"):
                with contextlib.suppress(FileNotFoundError):
                    self._file.with_name(self._file.name + suffix).unlink()
            return self._opened(self._file)
        except (FileFault, OSError):
            return self._opened(None)
