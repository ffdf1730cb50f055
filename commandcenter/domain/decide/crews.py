"""Decides commands about crews."""

from datetime import datetime

from commandcenter.domain import commands as wish
from commandcenter.domain import facts as fact
from commandcenter.domain.decide.view import Refused, View
from commandcenter.domain.people import Person, Role
from commandcenter.domain.powers import refusal_code
from commandcenter.domain.teams import Crew


def locate(view: View, command: wish.LocateCrew, by: Person, at: datetime) -> tuple[fact.Fact, ...] | Refused:
    """Reports a crew's position and status; a unit may do so for its own crews only."""
    code = refusal_code("locate_crew", by, None)
    crew = view.find("crew", command.crew)
    if code:
        return Refused(code, by.role)
    if not isinstance(crew, Crew) or (by.role is Role.UNIT and crew.unit != by.scope.unit):
        return Refused("unknown_crew", command.crew)
    if not command.spot.is_on_earth:
        return Refused("off_the_map", "spot")
    return (fact.CrewLocated(crew.id, by.user, at, spot=command.spot, status=command.status, job=command.job),)
