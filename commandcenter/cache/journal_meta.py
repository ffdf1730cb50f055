"""Reads and writes the journal's metadata: a table of texts by key."""

from sqlalchemy import Connection, select

from commandcenter.cache.journal_schema import meta


def value_of(connection: Connection, key: str) -> str | None:
    """Returns the text stored under `key`, also when damage made bytes of it; None when there is none."""
    found = connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()
    return found.decode(errors="replace") if isinstance(found, bytes) else found


def keys(connection: Connection, beginning: str) -> list[str]:
    """Returns the keys that begin with `beginning`."""
    return list(connection.execute(select(meta.c.key).where(meta.c.key.startswith(beginning))).scalars())


def put(connection: Connection, key: str, value: str) -> None:
    """Stores `value` under `key`, replacing an earlier one."""
    connection.execute(meta.insert().prefix_with("OR REPLACE"), {"key": key, "value": value})
