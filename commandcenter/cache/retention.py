"""How long the journal keeps what has come to its end, counted in dates on which the seat heard its platform.

A date counts once, and none is compared with another: a clock that is wrong, at either end and for however long, counts
as many days as it shows dates that were not heard before, however often it goes to and fro between them.
"""

from datetime import date

from sqlalchemy import Connection, delete, update

from commandcenter.cache import meta
from commandcenter.cache.journal_schema import commands
from commandcenter.cache.row import OPEN

WHOLE = 30  # days after which only what a restore needs is left of it
_HEARD = "heard:"  # of each date on which it was: an entry, some 20 bytes
_ENDED = commands.c.state.not_in([state.value for state in OPEN])  # so said, SQLite looks them up by their days


def trim(connection: Connection, day: date, *, keep: int) -> int:
    """`day` is one on which the platform was heard, by its own clock. How many commands were deleted: those that ended
    at least `keep` such days ago. Nothing is done twice for a date.
    """
    date_heard = f"{_HEARD}{day.isoformat()}"
    if meta.value_of(connection, date_heard) is not None:
        return 0
    meta.put(connection, date_heard, "")
    heard = len(meta.keys(connection, _HEARD))
    for unknown in (
        commands.c.ended_day.is_(None),
        commands.c.ended_day > heard,
    ):  # the latter of a count that was lost
        connection.execute(update(commands).where(_ENDED, unknown).values(ended_day=heard))
    connection.execute(
        update(commands).where(_ENDED, commands.c.ended_day == heard - WHOLE).values(seen=None, result=None)
    )
    return connection.execute(delete(commands).where(_ENDED, commands.c.ended_day <= heard - keep)).rowcount
