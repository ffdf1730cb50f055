"""Sums from the steps the working time that each body carried cases in a period, as their lead or as a helper."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from commandcenter.domain.people import Holder, Person, Role
from commandcenter.domain.records import KIND_OF
from commandcenter.domain.responsibility import Carried, CarriedTime
from commandcenter.server.queries.figures import of_steps_seen
from commandcenter.server.storage.tables import records, steps


def carried(connection: Connection, seat: Person, *, since: datetime, until: datetime) -> CarriedTime:
    """Returns who carried the cases that `seat` sees until steps in [since, until), who carried most first.

    The time until a step counts with that step, by when it was done; what somebody carries since the last step of a
    case is not in it yet.
    """
    inside = and_(of_steps_seen(seat, since, until), steps.c.worked > 0)
    sums = (func.sum(steps.c.worked), func.count(steps.c.case.distinct()))
    bodies = _bodies(connection, seat.scope.district)  # named, so that the index finds each with the period
    led = select(steps.c.carrier, *sums).where(inside, steps.c.carrier.in_(bodies)).group_by(steps.c.carrier)
    found = {body: Carried(body, round(seconds, 3), 0.0, cases) for body, seconds, cases in connection.execute(led)}
    helped: defaultdict[str, float] = defaultdict(float)
    for helpers, seconds in connection.execute(
        select(steps.c.helpers, func.sum(steps.c.worked)).where(inside, steps.c.helpers != "").group_by(steps.c.helpers)
    ):
        for body in helpers.split():
            helped[body] += seconds
    for body, seconds in helped.items():
        was = found.get(body, Carried(body, 0.0, 0.0, 0))
        found[body] = Carried(body, was.led, round(seconds, 3), was.cases)
    return CarriedTime(tuple(sorted(found.values(), key=lambda one: (-one.led - one.helped, one.body))))


def _bodies(connection: Connection, district: str) -> list[str]:
    """Returns whoever can carry a case: the roles of the hall, and all holders."""
    holders = select(records.c.id).where(records.c.district == district, records.c.kind == KIND_OF[Holder].name)
    return [*Role, *connection.execute(holders).scalars()]
