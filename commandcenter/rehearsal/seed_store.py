"""A new database, filled in one go beside its place and moved there when it is whole: nobody ever finds half of one."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, Table

from commandcenter.rehearsal.seed_rows import CASE_COLUMNS, LOG_COLUMNS, Row, Sheaf
from commandcenter.server.keeping import search
from commandcenter.server.keeping.store import bare_errors_as_os_errors, beside, open_writer, settle, take_place
from commandcenter.server.keeping.tables import CASE_INDEXES, LOG_INDEXES, cases, districts, log, numbers

_NAME = "seeding"


@contextmanager
def new_database(data: Path) -> Iterator[Connection]:
    """One transaction on a new database, which appears in `data` when the block ends well, and not at all otherwise.

    Until then it needs no journal of its own: a half-made one is thrown away, now or before the next one.
    """
    with beside(data, _NAME) as aside:
        engine = open_writer(aside)
        try:
            _set(engine, "PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF")
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()
        settle(aside)
        take_place(aside, data)


@contextmanager
def without_indexes(connection: Connection) -> Iterator[None]:
    """Many rows are written faster when the indexes are made afterwards."""
    for index in (*CASE_INDEXES, *LOG_INDEXES):
        index.drop(connection, checkfirst=True)
    yield
    for index in (*CASE_INDEXES, *LOG_INDEXES):
        index.create(connection)


def write(connection: Connection, sheaf: Sheaf) -> None:
    """The rows of `sheaf`, and its cases into the full text."""
    _insert(connection, cases, CASE_COLUMNS, sheaf.cases)
    _insert(connection, log, LOG_COLUMNS, sheaf.log)
    search.index_many(connection, sheaf.keyed)


def set_counters(connection: Connection, district: str, *, head: int, floor: int, last: dict[str, int]) -> None:
    """The district's counter, its floor (what is older keeps no after-image), and the last number of each day."""
    connection.execute(districts.update().where(districts.c.id == district).values(head=head, floor=floor))
    old = log.update().where(log.c.district == district, log.c.seq < floor, log.c.after.is_not(None))
    connection.execute(old.values(after=None))
    _insert(connection, numbers, ("district", "day", "last"), [(district, day, count) for day, count in last.items()])


def _insert(connection: Connection, table: Table, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    many = list(rows)
    if many:
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", many)


def _set(engine: Engine, *pragmas: str) -> None:
    raw = engine.raw_connection()
    try:
        with bare_errors_as_os_errors():  # leaving the log moves it into the file
            for pragma in pragmas:
                raw.cursor().execute(pragma).fetchall()
    finally:
        raw.close()
