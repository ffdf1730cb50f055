"""Trims ended commands from the journal, counting only dates on which the platform was reachable.

Each date counts once, and dates are never subtracted from each other: a clock that is wrong, on either side and by any
amount, adds as many days as it shows new dates, however often it jumps to and fro between them.
"""

from datetime import date

from sqlalchemy import Connection, delete, update

from commandcenter.cache import journal_meta
from commandcenter.cache.journal_row import OPEN
from commandcenter.cache.journal_schema import commands

FULL_DAYS = 30  # days after which `seen` and `result` are cleared; what a platform's restore needs stays
_HEARD = "heard:"  # key prefix, followed by a date that was counted; an entry takes about 20 bytes
_ENDED = commands.c.state.not_in([state.value for state in OPEN])  # in this form SQLite uses the index on ended_day


def trim(connection: Connection, day: date, *, keep: int) -> int:
    """Counts `day`, a date of the platform's clock on which the platform was reachable, and trims the ended commands.

    Returns the number of commands deleted: those that ended at least `keep` counted days ago. Does nothing when `day`
    was counted before.
    """
    date_heard = f"{_HEARD}{day.isoformat()}"
    if journal_meta.value_of(connection, date_heard) is not None:
        return 0
    journal_meta.put(connection, date_heard, "")
    heard = len(journal_meta.keys(connection, _HEARD))
    for unknown in (
        commands.c.ended_day.is_(None),
        commands.c.ended_day > heard,
    ):  # ended_day is ahead only when the count was lost
        connection.execute(update(commands).where(_ENDED, unknown).values(ended_day=heard))
    connection.execute(
        update(commands).where(_ENDED, commands.c.ended_day == heard - FULL_DAYS).values(seen=None, result=None)
    )
    return connection.execute(delete(commands).where(_ENDED, commands.c.ended_day <= heard - keep)).rowcount
