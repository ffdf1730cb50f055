"""Says how long a crew may stay in a status: thresholds that administrators set, and which crews are past them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from commandcenter.domain.lights import Light
from commandcenter.domain.reference import Reference
from commandcenter.domain.teams import Crew, CrewStatus

_MOST = 86_400.0  # seconds: longer than any shift


@dataclass(frozen=True, slots=True)
class Stay(Reference):
    """How long a crew may be in the status that `id` names.

    `warn` and `alarm` are the seconds after which it is noted, and after which somebody has to act.
    """

    id: str
    rev: int
    warn: float
    alarm: float

    @property
    def flaw(self) -> str:
        """Is `bad_stay` unless `id` is a status, and both moments come within a day, the warning before the alarm."""
        return "" if self.id in tuple(CrewStatus) and 0 < self.warn < self.alarm <= _MOST else "bad_stay"


Stays = Mapping[str, Stay]  # by status; one without an entry may last for ever
USUAL: Stays = MappingProxyType(
    {
        CrewStatus.DISPATCHED: Stay("dispatched", 1, 180, 600),
        CrewStatus.EN_ROUTE: Stay("en_route", 1, 900, 1800),
        CrewStatus.ON_SCENE: Stay("on_scene", 1, 1800, 3600),
        CrewStatus.HANDLING: Stay("handling", 1, 3600, 7200),
    }
)


def stays(records: Iterable[Stay]) -> Stays:
    """Returns the thresholds that hold: those of `records`, and the usual ones where there is none."""
    return {**USUAL, **{one.id: one for one in records if not one.retired}}


def light_of_stay(crew: Crew, longest: Stays, at: datetime) -> Light:
    """Returns ON_TIME, SOON past the warning, OVERDUE past the alarm; NONE of a status that may last for ever."""
    warned, alarmed = warned_at(crew, longest), alarmed_at(crew, longest)
    if warned is None or alarmed is None:
        return Light.NONE
    if at >= alarmed:
        return Light.OVERDUE
    return Light.SOON if at >= warned else Light.ON_TIME


def past_stays(crews: Iterable[Crew], longest: Stays, at: datetime) -> dict[str, Light]:
    """Returns by id the crews that are past a threshold at `at`: SOON past the warning, OVERDUE past the alarm."""
    lights = ((crew.id, light_of_stay(crew, longest, at)) for crew in crews)
    return {key: light for key, light in lights if light in (Light.SOON, Light.OVERDUE)}


def warned_at(crew: Crew, longest: Stays) -> datetime | None:
    """Returns the moment from which the crew's status has lasted long; None of one that may last for ever."""
    stay = longest.get(crew.status)
    return None if stay is None or not crew.has_reported else crew.status_since + timedelta(seconds=stay.warn)


def alarmed_at(crew: Crew, longest: Stays) -> datetime | None:
    """Returns the moment from which the crew's status has lasted too long; None of one that may last for ever."""
    stay = longest.get(crew.status)
    return None if stay is None or not crew.has_reported else crew.status_since + timedelta(seconds=stay.alarm)
