"""How long the journal keeps what has come to its end, counted in days on which the seat heard its platform.

No date is compared with another: a clock that is set wrong, at either end and for however long, counts one day.
"""

from datetime import date
from zlib import crc32

from sqlalchemy import Connection, delete, update

from commandcenter.cache import journal_meta
from commandcenter.cache.journal_row import OPEN
from commandcenter.cache.journal_schema import commands

WHOLE = 30  # days after which only what a restore needs is left of it
_KEY = "days_heard"
_ENDED = commands.c.state.not_in([state.value for state in OPEN])  # so said, SQLite looks them up by their days


def trim(connection: Connection, day: date, *, keep: int) -> int:
    """`day` is one on which the platform was heard, by its own clock. How many commands were deleted: those that ended
    at least `keep` such days ago. Nothing is done twice on a day.
    """
    heard, last = _counted(journal_meta.value_of(connection, _KEY) or "")
    if day.toordinal() == last:
        return 0
    heard += day.toordinal() > last
    journal_meta.put(connection, _KEY, _written(heard, day.toordinal()))
    for unknown in (
        commands.c.ended_day.is_(None),
        commands.c.ended_day > heard,
    ):  # the latter of a count that was lost
        connection.execute(update(commands).where(_ENDED, unknown).values(ended_day=heard))
    connection.execute(
        update(commands).where(_ENDED, commands.c.ended_day == heard - WHOLE).values(seen=None, result=None)
    )
    return connection.execute(delete(commands).where(_ENDED, commands.c.ended_day <= heard - keep)).rowcount


def _counted(kept: str) -> tuple[int, int]:
    """(days heard, the last of them as an ordinal); a count whose check sum does not hold begins anew."""
    numbers, _, proof = kept.rpartition(" ")
    if proof != str(crc32(numbers.encode())):
        return 0, 0
    heard, last = numbers.split(" ")
    return int(heard), int(last)


def _written(heard: int, last: int) -> str:
    numbers = f"{heard} {last}"
    return f"{numbers} {crc32(numbers.encode())}"
