"""Trims ended commands from the journal, counting only days on which the platform was reachable.

Dates are never subtracted from each other: a clock that jumps, on either side and by any amount, adds at most one day.
"""

from datetime import date
from zlib import crc32

from sqlalchemy import Connection, delete, update

from commandcenter.cache import journal_meta
from commandcenter.cache.journal_row import OPEN
from commandcenter.cache.journal_schema import commands

FULL_DAYS = 30  # days after which `seen` and `result` are cleared; what a platform's restore needs stays
_KEY = "days_heard"
_ENDED = commands.c.state.not_in([state.value for state in OPEN])  # in this form SQLite uses the index on ended_day


def trim(connection: Connection, day: date, *, keep: int) -> int:
    """Counts `day`, a date of the platform's clock on which the platform was reachable, and trims the ended commands.

    Returns the number of commands deleted: those that ended at least `keep` counted days ago. Does nothing when `day`
    was the last day counted.
    """
    heard, last = _counted(journal_meta.value_of(connection, _KEY) or "")
    if day.toordinal() == last:
        return 0
    heard += day.toordinal() > last
    journal_meta.put(connection, _KEY, _written(heard, day.toordinal()))
    for unknown in (
        commands.c.ended_day.is_(None),
        commands.c.ended_day > heard,
    ):  # ended_day is ahead only when the count was lost
        connection.execute(update(commands).where(_ENDED, unknown).values(ended_day=heard))
    connection.execute(
        update(commands).where(_ENDED, commands.c.ended_day == heard - FULL_DAYS).values(seen=None, result=None)
    )
    return connection.execute(delete(commands).where(_ENDED, commands.c.ended_day <= heard - keep)).rowcount


def _counted(kept: str) -> tuple[int, int]:
    """Returns (days counted, the last day as an ordinal); (0, 0) when the checksum does not match."""
    numbers, _, proof = kept.rpartition(" ")
    if proof != str(crc32(numbers.encode())):
        return 0, 0
    heard, last = numbers.split(" ")
    return int(heard), int(last)


def _written(heard: int, last: int) -> str:
    numbers = f"{heard} {last}"
    return f"{numbers} {crc32(numbers.encode())}"
