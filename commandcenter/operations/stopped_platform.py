"""Opens the database of a data folder that no platform holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from commandcenter.server.errors import UnusableEnvironment
from commandcenter.server.storage.database import has_database, writing
from commandcenter.server.storage.folder_lock import hold


@contextmanager
def stopped_platform(data: Path) -> Iterator[Connection]:
    """Yields the database of `data` in one transaction, and holds the folder meanwhile.

    Raises UnusableEnvironment when it has none or a platform holds it.
    """
    if not has_database(data):
        sentence = f"{data} holds no database: run serve on it first, or name another data folder with --data."
        raise UnusableEnvironment("no_database", sentence)
    with hold(data), writing(data) as connection:
        yield connection
