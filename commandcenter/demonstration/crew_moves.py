"""Moves crews in straight lines to their jobs, through the work there and back, a few per turn."""

import random
from dataclasses import dataclass
from math import cos, hypot, radians

from commandcenter.demonstration.shift_view import ShiftView
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import LocateCrew
from commandcenter.domain.places import Spot
from commandcenter.domain.teams import Crew, CrewStatus

METRES = 111_320.0  # per degree of latitude
SPEED = 7.5  # metres per second, a patrol car in town
MOVING = 14  # crews under way at a time
_NEXT = {
    CrewStatus.DISPATCHED: CrewStatus.EN_ROUTE,
    CrewStatus.ON_SCENE: CrewStatus.HANDLING,
    CrewStatus.HANDLING: CrewStatus.RETURNING,
}
_TICKS_IN = {CrewStatus.DISPATCHED: 2, CrewStatus.ON_SCENE: 2, CrewStatus.HANDLING: 8}


@dataclass(slots=True)
class Trip:
    """One crew under way to `goal`, for the case `job` or on patrol (None).

    `waits` counts the reported moves left before its next change of status.
    """

    crew: str
    status: CrewStatus
    at: Spot
    goal: Spot
    job: str | None
    waits: int


class CrewMoves:
    """Keeps up to MOVING crews under way where enough are idle; each turn moves and reports a few of them."""

    def __init__(self, watch: ShiftView, chance: random.Random) -> None:
        self._watch = watch
        self._chance = chance
        self._trips: list[Trip] = []

    def send(self, case: Case) -> None:
        """Sends a free crew of the responsible unit to the case's spot; does nothing without a crew or a spot."""
        if case.spot is None:
            return
        busy = {trip.crew for trip in self._trips}
        free = [one for one in self._watch.crews.values() if one.unit == case.responsible and one.id not in busy]
        for crew in free:
            if crew.status is CrewStatus.AVAILABLE and crew.spot is not None:
                self._trips.append(Trip(crew.id, CrewStatus.DISPATCHED, crew.spot, case.spot, case.id, 1))
                return

    def turn(self, *, most: int, seconds: float) -> list[LocateCrew]:
        """Moves at most `most` crews and returns their new positions and statuses as commands.

        `seconds` is the length of a turn. Crews take turns being reported, so each moves about as far as it would have
        come since its last report.
        """
        while len(self._trips) < MOVING and self._begin():
            pass
        told, self._trips = self._trips[:most], self._trips[most:]
        pace = SPEED * seconds * max(1.0, MOVING / max(most, 1))
        said = [self._move(trip, pace) for trip in told]
        self._trips += [trip for trip in told if trip.status is not CrewStatus.AVAILABLE or trip.goal != trip.at]
        return said

    def _move(self, trip: Trip, pace: float) -> LocateCrew:
        if trip.status in _NEXT:
            trip.waits -= 1
            if trip.waits < 0:
                self._enter(trip, _NEXT[trip.status])
        else:
            trip.at = toward(trip.at, trip.goal, pace * self._chance.uniform(0.7, 1.2))
            if trip.at == trip.goal:
                self._enter(trip, CrewStatus.ON_SCENE if trip.status is CrewStatus.EN_ROUTE else CrewStatus.AVAILABLE)
        return LocateCrew(trip.crew, trip.at, trip.status, trip.job)

    def _enter(self, trip: Trip, status: CrewStatus) -> None:
        trip.status = status
        trip.waits = _TICKS_IN.get(status, 0)
        if status is CrewStatus.RETURNING:
            crew = self._watch.crews.get(trip.crew)
            trip.job, trip.goal = None, (self._random_spot(crew) if crew else None) or trip.at

    def _begin(self) -> bool:
        """Starts a trip for one idle crew, from its current status; False when there is none or it has no goal."""
        busy = {trip.crew for trip in self._trips}
        out = (one for one in self._watch.crews.values() if one.status is not CrewStatus.OFF_DUTY)
        idle = [one for one in out if one.id not in busy]
        if not idle:
            return False
        crew = self._chance.choice(idle)
        job = self._watch.cases.get(crew.job) if crew.job else None
        goal = job.spot if job is not None and job.spot else self._random_spot(crew)
        if goal is None or crew.spot is None:
            return False
        waits = self._chance.randint(0, _TICKS_IN.get(crew.status, 0))
        self._trips.append(Trip(crew.id, crew.status, crew.spot, goal, crew.job, waits))
        return True

    def _random_spot(self, crew: Crew) -> Spot | None:
        """Returns the spot of a random known case in the crew's street; None without one."""
        near = [case.spot for case in self._watch.cases.values() if case.street == crew.street and case.spot]
        return self._chance.choice(near) if near else None


def toward(at: Spot, goal: Spot, metres: float) -> Spot:
    """Returns the spot `metres` further along the straight line from `at` to `goal`, or `goal` when it is nearer."""
    east = (goal.lon - at.lon) * METRES * cos(radians(at.lat))
    north = (goal.lat - at.lat) * METRES
    apart = hypot(east, north)
    if apart <= metres:
        return goal
    share = metres / apart
    return Spot(round(at.lon + (goal.lon - at.lon) * share, 6), round(at.lat + (goal.lat - at.lat) * share, 6))
