"""Generates the rosters of the demonstration's crews: shifts in turns, and members by surname and calling."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from commandcenter.domain.rosters import Roster, Shift
from commandcenter.domain.teams import Crew
from commandcenter.simulation.reference import Reference, Table

BEFORE, AHEAD = 2, 28  # days around the present
REST = timedelta(hours=8)  # between two shifts
_SIZES = (2, 3, 4)  # members of a crew


def rosters(
    reference: Reference, crews: Sequence[Crew], now: datetime, chance: np.random.Generator
) -> dict[str, Roster]:
    """Returns the roster of each crew by its id, as of `now`."""
    rows = {row["power"]: row for row in reference.team_data["unit"]}
    streets = {street: at for at, street in enumerate(sorted({crew.street for crew in crews}))}
    zone = ZoneInfo(reference.district.zone)
    today = now.astimezone(zone).date()
    made = {}
    for crew in crews:
        power, number = crew.id.rsplit("-", 2)[1:]
        plan = reference.team_data["rosters"][rows[power]["roster"]]
        shifts = tuple(_rested(_shifts(plan, today, streets[crew.street], int(number), zone)))
        people = tuple(_members(reference.team_data["surnames"], rows[power], chance))
        made[crew.id] = Roster(crew.id, 1, crew.unit, crew.street, shifts, people)
    return made


def _shifts(plan: Table, today: date, street: int, number: int, zone: ZoneInfo) -> Iterator[Shift]:
    """Yields one shift a day, by the turn that crew `number` has then; the streets change turns on different days."""
    for at in range(-BEFORE, AHEAD + 1):
        day = today + timedelta(days=at)
        turn = (day.toordinal() + street) // plan["days"] + number
        hours = plan["turns"][turn % len(plan["turns"])]
        if hours:
            starts, ends = (datetime.combine(day, time.fromisoformat(one), zone) for one in hours.split("-"))
            later = ends if ends > starts else ends + timedelta(days=1)
            yield Shift(starts.astimezone(UTC), later.astimezone(UTC))


def _rested(shifts: Iterable[Shift]) -> Iterator[Shift]:
    """Leaves out the shifts that would begin before the crew has rested from the one before."""
    free = datetime.min.replace(tzinfo=UTC)
    for shift in shifts:
        if shift.starts >= free:
            free = shift.ends + REST
            yield shift


def _members(surnames: str, row: Table, chance: np.random.Generator) -> Iterator[str]:
    """Yields how the members are called, never a whole name: the leader first."""
    called = chance.choice(list(surnames), int(chance.choice(_SIZES)), replace=False)
    yield from (f"{one}{row['crew']}长" if at == 0 else f"{one}队员" for at, one in enumerate(called))
