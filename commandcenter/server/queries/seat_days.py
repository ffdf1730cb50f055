"""Counts from the steps what a holder did in a period, so that later changes of a case take nothing away."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from statistics import median
from typing import Any

from sqlalchemy import Connection, Row, func, select

from commandcenter.domain.facts import Accepted, Reported, ReturnApplied
from commandcenter.domain.text import snake_case
from commandcenter.protocol.messages import SeatDay
from commandcenter.server.storage.tables import steps

EMPTY_DAY = SeatDay(accepted=0, wait=None, reported=0, on_time=0)
_ACCEPTED, _REPORTED, _RETURNED = (snake_case(one.__name__) for one in (Accepted, Reported, ReturnApplied))
_COLUMNS = (steps.c.case, steps.c.verb, steps.c.holder, steps.c.due, steps.c.acted_at)


def seat_day(connection: Connection, district: str, holder: str, *, since: datetime, until: datetime) -> SeatDay:
    """Returns what `holder` accepted, reported and asked to return in [since, until), by when they did it.

    An acceptance has waited since the case came to the holder.
    """
    begun, ended = since.timestamp(), until.timestamp()
    theirs = (steps.c.district == district, steps.c.holder == holder)
    inside = (steps.c.acted_at >= begun, steps.c.acted_at < ended, steps.c.verb.in_((_ACCEPTED, _REPORTED, _RETURNED)))
    concerned = select(steps.c.case).where(*theirs, *inside)
    every = select(*_COLUMNS).where(steps.c.district == district, steps.c.case.in_(concerned))
    rows = connection.execute(every.order_by(steps.c.case, steps.c.rev))
    waits, on_time, returned = [], [], 0
    for _, of_case in groupby(rows, key=lambda row: row.case):
        for step, came_at in _with_holder(of_case, holder):
            if begun <= step.acted_at < ended and step.verb == _ACCEPTED:
                waits.append(step.acted_at - came_at)
            elif begun <= step.acted_at < ended and step.verb == _REPORTED:
                on_time.append(step.due is None or step.acted_at <= step.due)
            elif begun <= step.acted_at < ended and step.verb == _RETURNED:
                returned += 1
    wait = median(waits) if waits else None
    worked = _carried(connection, district, holder, begun, ended)
    return SeatDay(len(waits), wait, len(on_time), sum(on_time), worked, returned)


def _carried(connection: Connection, district: str, holder: str, begun: float, ended: float) -> float:
    """Returns the working seconds that `holder` carried cases and sub-tasks until steps in the period."""
    inside = (steps.c.district == district, steps.c.acted_at >= begun, steps.c.acted_at < ended)
    led = connection.execute(select(func.sum(steps.c.worked)).where(*inside, steps.c.carrier == holder)).scalar()
    helped = connection.execute(select(steps.c.helpers, steps.c.worked).where(*inside, steps.c.helpers != ""))
    return round((led or 0.0) + sum(row.worked or 0.0 for row in helped if holder in row.helpers.split()), 3)


def _with_holder(of_case: Iterable[Row[Any]], holder: str) -> Iterable[tuple[Row[Any], float]]:
    """Yields each step at which the case was with `holder`, and when it had come to them."""
    for whose, together in groupby(of_case, key=lambda row: row.holder):
        came_at: float | None = None
        for step in together if whose == holder else ():
            came_at = step.acted_at if came_at is None else came_at
            yield step, came_at
