"""What the journal says of itself: a text by its key."""

from sqlalchemy import Connection, select

from commandcenter.cache.journal_schema import meta


def value_of(connection: Connection, key: str) -> str | None:
    """What is kept under `key`; None when nothing is. A damaged cell may have become bytes: the text is in them."""
    found = connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()
    return found.decode(errors="replace") if isinstance(found, bytes) else found


def keys(connection: Connection, beginning: str) -> list[str]:
    """The keys that begin with `beginning`."""
    return list(connection.execute(select(meta.c.key).where(meta.c.key.startswith(beginning))).scalars())


def put(connection: Connection, key: str, value: str) -> None:
    """Keep `value` under `key`, in place of what was there."""
    connection.execute(meta.insert().prefix_with("OR REPLACE"), {"key": key, "value": value})
