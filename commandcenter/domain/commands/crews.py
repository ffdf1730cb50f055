"""The crews of the street teams: a device reports where its crew is and what it does."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from commandcenter.domain.commands.case_steps import rule_refusal
from commandcenter.domain.decisions import Command, Decision, Fact, Refused, View
from commandcenter.domain.fields import Id, Names
from commandcenter.domain.naming import named
from commandcenter.domain.people import Person, Role
from commandcenter.domain.places import Spot
from commandcenter.domain.rules import Offline, Rule
from commandcenter.domain.teams import FREE, Crew, CrewStatus


@dataclass(frozen=True, slots=True)
class LocateCrew(Command):
    """Reports where a crew is and what it does, as its device says; a unit may do so for its own crews only.

    `job`, which devices of earlier versions name, has no effect: orders alone give a crew its job.
    """

    crew: Annotated[str, Names("crew", frozenset())]
    spot: Spot
    status: CrewStatus
    job: Annotated[str | None, Id()] = None

    rule = Rule(
        roles=frozenset({Role.UNIT, Role.SYSTEM}),
        stages=frozenset(),
        where=(),
        four_eyes=False,
        offline=Offline.KEPT,
    )

    def decide(self, view: View, by: Person, at: datetime) -> Decision:
        """Returns where the crew is; refuses a crew of another unit and a point off the map."""
        crew: Crew | Refused = rule_refusal(self, by, None) or named(view, Crew, self.crew)
        if isinstance(crew, Refused):
            return crew
        if by.role is Role.UNIT and crew.unit != by.scope.unit:
            return Refused("unknown_crew", self.crew)
        if not self.spot.is_on_earth:
            return Refused("off_the_map", "spot")
        return (CrewLocated(crew.id, by.user, at, spot=self.spot, status=self.status),)


@dataclass(frozen=True, slots=True)
class CrewLocated(Fact):
    """A crew's device reported its position and status."""

    crew: Annotated[str, Names("crew", frozenset())]
    by: str
    at: datetime
    spot: Spot
    status: CrewStatus
    hand: str | None = None

    def evolve(self, crew: Crew) -> Crew:
        """Sets position and status; a crew with an order or a job is not free before it is released."""
        is_bound = crew.order is not None or crew.job is not None
        status = crew.status if is_bound and self.status in FREE else self.status
        since = crew.status_since if status is crew.status else self.at
        return replace(crew, rev=crew.rev + 1, spot=self.spot, seen_at=self.at, status=status, status_since=since)


COMMANDS = (LocateCrew,)
FACTS = (CrewLocated,)
