"""Creates UUIDv7 ids (RFC 9562), which sort by time and can be created without a central counter."""

from uuid import UUID


def uuid7(milliseconds: int, random: bytes) -> str:
    """Returns a UUIDv7 of `milliseconds` since 1970 and ten random bytes. Raises ValueError for other lengths.

    >>> uuid7(1_700_000_000_000, bytes(10))
    '018bcfe5-6800-7000-8000-000000000000'
    """
    if len(random) != 10:
        raise ValueError("ten random bytes are needed")
    tail = int.from_bytes(random)
    value = milliseconds << 80 | 0x7 << 76 | (tail >> 68) << 64 | 0b10 << 62 | tail & (1 << 62) - 1
    return str(UUID(int=value))


IMPORTED_AT = 946_684_800_000  # time part of every imported case's id (2000-01-01), which hides when it was imported


def is_imported(key: str) -> bool:
    """Whether `key` has the form of an imported case's id, which only an import may create."""
    return key.startswith(uuid7(IMPORTED_AT, bytes(10))[:15])
