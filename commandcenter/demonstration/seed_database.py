"""Fills a new database in a subfolder and moves it into place when complete: a partial one is never found."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, Table

from commandcenter.demonstration.seed_rows import CASE_COLUMNS, LOG_COLUMNS, Row, RowBatch
from commandcenter.server.storage import event_log, search, tables
from commandcenter.server.storage.database import (
    bare_errors_as_os_errors,
    checkpoint,
    open_writer,
    replace_database,
    staging_folder,
)
from commandcenter.server.storage.steps import STEP_COLUMNS
from commandcenter.server.storage.tables import (
    CASE_INDEXES,
    LOG_INDEXES,
    STEP_INDEXES,
    cases,
    districts,
    log,
    numbers,
    steps,
)

_NAME = "seeding"


@contextmanager
def new_database(data: Path) -> Iterator[Connection]:
    """Yields a connection with one transaction on a new database.

    The database appears in `data` when the block succeeds, and not at all otherwise. It is written without a rollback
    journal: a partial one is deleted, at once or before the next attempt.
    """
    with staging_folder(data, _NAME) as aside:
        engine = open_writer(aside)
        try:
            _run_pragmas(engine, "PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-65536")
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()
        checkpoint(aside)
        replace_database(aside, data)


@contextmanager
def without_indexes(connection: Connection) -> Iterator[None]:
    """Drops the indexes for the block and creates them afterwards: inserting many rows is faster that way."""
    for index in (*CASE_INDEXES, *LOG_INDEXES, *STEP_INDEXES):
        index.drop(connection, checkfirst=True)
    yield
    for index in (*CASE_INDEXES, *LOG_INDEXES, *STEP_INDEXES):
        index.create(connection)


def write(connection: Connection, batch: RowBatch) -> None:
    """Inserts the rows of `batch` and adds its cases to the full-text index."""
    _insert(connection, cases, CASE_COLUMNS, batch.cases)
    _insert(connection, tables.audience, ("district", "token", "key"), batch.audience)
    _insert(connection, log, LOG_COLUMNS, batch.log)
    _insert(connection, steps, STEP_COLUMNS, batch.steps)
    search.index_many(connection, batch.keyed)


def set_counters(connection: Connection, district: str, *, head: int, floor: int, last: dict[str, int]) -> None:
    """Sets the district's head and floor and the last case number of each day.

    Deletes the after-images of log entries older than `floor`, and lists who is told of the others.
    """
    connection.execute(districts.update().where(districts.c.id == district).values(head=head, floor=floor))
    event_log.drop_images(connection, district, since=0, until=floor)
    event_log.index_audience(connection, district, since=floor)
    _insert(connection, numbers, ("district", "day", "last"), [(district, day, count) for day, count in last.items()])


def _insert(connection: Connection, table: Table, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    many = list(rows)
    if many:
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", many)


def _run_pragmas(engine: Engine, *pragmas: str) -> None:
    raw = engine.raw_connection()
    try:
        with bare_errors_as_os_errors():  # leaving WAL mode moves the log into the file
            for pragma in pragmas:
                raw.cursor().execute(pragma).fetchall()
    finally:
        raw.close()
