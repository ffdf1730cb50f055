"""Keeps records as this program last read them, once a newer platform has changed them beyond what it can read."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, insert, select

from commandcenter.cache.cache_file import last_read, records
from commandcenter.domain.records import Ref

_STORED = select(records).where(records.c.kind == bindparam("of"), records.c.id == bindparam("key"))
_KEEP = insert(last_read).prefix_with("OR REPLACE").from_select(records.columns.keys(), _STORED)
_DROP = delete(last_read).where(last_read.c.kind == bindparam("of"), last_read.c.id == bindparam("key"))


def keep(connection: Connection, unread: Iterable[Ref], dropped: Iterable[Ref]) -> None:
    """Keeps the stored versions of `unread`, which new ones are about to replace; deletes what is kept of `dropped`."""
    for statement, refs in ((_KEEP, unread), (_DROP, dropped)):
        for kind, key in refs:
            connection.execute(statement, {"of": kind, "key": key})
