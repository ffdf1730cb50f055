"""Moves crews in straight lines to their jobs and back, a few per turn; orders send them, and release them."""

import random
from dataclasses import dataclass
from datetime import datetime
from math import cos, hypot, radians

from commandcenter.demonstration.shift_view import ShiftView
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import LocateCrew
from commandcenter.domain.places import Spot
from commandcenter.domain.teams import FREE, Crew, CrewStatus

METRES = 111_320.0  # per degree of latitude
SPEED = 7.5  # metres per second, a patrol car in town
MOVING = 14  # crews under way at a time
_HANDLES_AFTER = 2  # reported moves on the scene until the work begins
_STAY = frozenset({CrewStatus.OFF_DUTY, CrewStatus.DISPATCHED, CrewStatus.HANDLING})  # until an order or a release


@dataclass(slots=True)
class Trip:
    """One crew under way to `goal`, for the case `job` or on patrol (None).

    `waits` counts the reported moves left on the scene before its work begins.
    """

    crew: str
    status: CrewStatus
    at: Spot
    goal: Spot
    job: str | None
    waits: int = _HANDLES_AFTER


class CrewMoves:
    """Keeps up to MOVING crews under way where enough are idle; each turn moves and reports a few of them."""

    def __init__(self, watch: ShiftView, chance: random.Random) -> None:
        self._watch = watch
        self._chance = chance
        self._trips: list[Trip] = []

    def free(self, case: Case, now: datetime) -> Crew | None:
        """Returns a crew of the responsible unit that can be sent to the case at `now`, None when there is none."""
        mine = (crew for crew in self._watch.crews.values() if crew.unit == case.responsible)
        free = (crew for crew in mine if crew.status in FREE and not (crew.job or crew.order))
        return next((crew for crew in free if not self._is_off(crew, now)), None)

    def leave(self, crew: str) -> None:
        """Ends the trip of a crew that comes on duty or goes off."""
        self._trips = [trip for trip in self._trips if trip.crew != crew]

    def _is_off(self, crew: Crew, now: datetime) -> bool:
        roster = self._watch.rosters.get(crew.id)
        return roster is not None and roster.is_off(now)

    def turn(self, *, most: int, seconds: float) -> list[LocateCrew]:
        """Moves at most `most` crews and returns their new positions and statuses as commands.

        `seconds` is the length of a turn. Crews take turns being reported, so each moves about as far as it would have
        come since its last report.
        """
        self._trips = [trip for trip in self._trips if self._goes_on(trip)]
        while len(self._trips) < MOVING and self._begin():
            pass
        told, self._trips = self._trips[:most], self._trips[most:]
        pace = SPEED * seconds * max(1.0, MOVING / max(most, 1))
        said = [self._move(trip, pace) for trip in told]
        self._trips += told
        return said

    def resting(self) -> list[LocateCrew]:
        """Returns the report of the crew at rest that was seen longest ago: devices also tell where nobody moves."""
        busy = {trip.crew for trip in self._trips}
        still = (one for one in self._watch.crews.values() if one.is_on_duty and one.id not in busy)
        known = [(one.seen_at, one.id, one.spot, one.status) for one in still if one.seen_at and one.spot]
        return [LocateCrew(crew, spot, status) for _, crew, spot, status in sorted(known)[:1]]

    def _goes_on(self, trip: Trip) -> bool:
        """Whether the trip is still that of the crew: on duty with the same job, it neither stays nor has arrived."""
        crew = self._watch.crews.get(trip.crew)
        is_over = trip.status in _STAY or (trip.status is CrewStatus.AVAILABLE and trip.goal == trip.at)
        return crew is not None and crew.is_on_duty and crew.job == trip.job and not is_over

    def _move(self, trip: Trip, pace: float) -> LocateCrew:
        if trip.status is CrewStatus.ON_SCENE:
            trip.waits -= 1
            trip.status = CrewStatus.HANDLING if trip.waits < 0 else trip.status
        else:
            trip.at = toward(trip.at, trip.goal, pace * self._chance.uniform(0.7, 1.2))
            if trip.at == trip.goal:
                trip.status = CrewStatus.ON_SCENE if trip.job else CrewStatus.AVAILABLE
        return LocateCrew(trip.crew, trip.at, trip.status)

    def _begin(self) -> bool:
        """Starts a trip of one crew, from its current status; False when there is none or it has no goal.

        Those that were sent to a case go first.
        """
        busy = {trip.crew for trip in self._trips}
        out = [one for one in self._watch.crews.values() if one.status not in _STAY and one.id not in busy and one.spot]
        sent = [one for one in out if one.status is CrewStatus.EN_ROUTE]
        if not out:
            return False
        crew = self._chance.choice(sent or out)
        job = self._watch.cases.get(crew.job) if crew.job else None
        goal = job.spot if job is not None and job.spot else self._random_spot(crew)
        if goal is None or crew.spot is None:
            return False
        self._trips.append(Trip(crew.id, crew.status, crew.spot, goal, crew.job))
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
