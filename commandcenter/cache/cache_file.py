"""`cache.db`: what can be asked of the platform again at any time; any doubt about the file and it is made anew."""

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
from commandcenter.cache.lane import Lane

T = TypeVar("T")
VERSION = 1

metadata = MetaData()


class Body(TypeDecorator[bytes]):
    """Bytes: SQLite does not notice when a damaged cell has become one of another type."""

    impl = LargeBinary
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        """The value as it was kept; FileFault for any other."""
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
        Column("proof", Integer, nullable=False),  # crc32 of the rest: SQLite does not notice a bit that fell over
        PrimaryKeyConstraint("kind", "id"),
        sqlite_with_rowid=False,
    )


records = _record_table("records")
staged = _record_table("staged")
standing = Table("standing", metadata, Column("one", Integer, primary_key=True), Column("body", Body))
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
    """The file, its lane, and `notes` on each time that it had to be made anew (a list of reasons)."""

    def __init__(self, file: Path, *, lane: Lane) -> None:
        self.notes: list[str] = []
        self._file = file
        self._lane = lane
        try:
            self._engine = self._opened(file)
        except FileFault as wrong:
            self._engine = self._anew(wrong)

    async def run(self, work: Callable[[Connection], T], otherwise: Callable[[], T]) -> T:
        """What `work` gives within one transaction; after a fault the file is made anew and it is `otherwise`."""

        def whole() -> T:
            try:
                with transaction(self._engine) as connection:
                    return work(connection)
            except FileFault as wrong:
                self._engine = self._anew(wrong)
                return otherwise()

        return await self._lane.run(whole)

    async def clear(self, reason: str) -> None:
        """Make it anew, for `reason`."""
        await self._lane.run(lambda: setattr(self, "_engine", self._anew(FileFault(reason))))

    async def close(self) -> None:
        """Let go of the file."""
        await self._lane.run(self._engine.dispose)
        self._lane.close()

    def _opened(self, file: Path | None) -> Engine:
        engine = open_engine(file, synchronous="NORMAL")
        try:
            check(engine)
            with transaction(engine) as connection:
                version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
                if version == 0:
                    metadata.create_all(connection)
                    connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
                elif version != VERSION:
                    raise FileFault(f"version {version}")
        except BaseException:
            engine.dispose()
            raise
        return engine

    def _anew(self, reason: FileFault) -> Engine:
        """An empty file; in memory when the disk does not even take that."""
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
