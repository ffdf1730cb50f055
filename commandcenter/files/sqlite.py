"""Opens SQLite files: with explicit transactions and the settings that each connection keeps to."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

_EVERYWHERE = ("foreign_keys=ON", "temp_store=MEMORY")


def open_engine(file: Path | None, *, begin: str, pragmas: Sequence[str], **pool: Any) -> Engine:
    """Returns an engine for `file` (None: in memory), each of whose connections is set up by `pragmas`.

    SQLAlchemy begins each transaction by `begin` and keeps connections as `pool` says (arguments of `create_engine`).
    Nothing is opened before the first use.
    """
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=None if file is None else str(file)),
        hide_parameters=True,  # the text of an error may be logged, and must not quote what people wrote
        connect_args={"check_same_thread": False, "cached_statements": 256},
        **pool,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _entry: object) -> None:
        connection.isolation_level = None
        for pragma in (*pragmas, *_EVERYWHERE):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def opened_bare(file: Path, *, how: str = "mode=rwc") -> closing[sqlite3.Connection]:
    """Returns a connection to `file` as it is, without settings of ours; a `with` closes it at its end.

    For files whose journal mode or version is not ours to assume. `how` are the parameters of SQLite's URI.
    """
    return closing(sqlite3.connect(f"{file.resolve().as_uri()}?{how}", uri=True))
