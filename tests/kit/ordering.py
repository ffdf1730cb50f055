"""A command and a fact on records of two kinds, which only tests have: a crew is ordered to a case."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from unittest.mock import patch

from commandcenter.domain import commands, facts
from commandcenter.domain.cases import WITH_HOLDER, Case, Stage
from commandcenter.domain.commands.case_changes import changed
from commandcenter.domain.commands.case_steps import rule_refusal
from commandcenter.domain.decisions import Command, Decision, Fact, Refused, View
from commandcenter.domain.fields import CaseId, Names
from commandcenter.domain.naming import named
from commandcenter.domain.people import Person, Role
from commandcenter.domain.rules import Offline, Rule
from commandcenter.domain.teams import Crew, CrewStatus
from tests.kit.crews import assigned


@dataclass(frozen=True, slots=True)
class Order(Command):
    """Orders a crew to a case of its unit."""

    case: Annotated[str, Names("case", frozenset({"stage", "responsible"}))]
    crew: Annotated[str, Names("crew", frozenset({"name", "unit", "status"}))]

    rule = Rule(
        roles=frozenset({Role.DISPATCHER, Role.STREET_DISPATCHER}),
        stages=WITH_HOLDER,
        where=(),
        four_eyes=True,
        offline=Offline.KEPT,
    )

    def decide(self, view: View, by: Person, at: datetime) -> Decision:
        """The case must be with the unit of the crew."""
        case, crew = view.find("case", self.case), named(view, Crew, self.crew)
        if not isinstance(case, Case):
            return Refused("unknown_case", self.case)
        if isinstance(crew, Refused):
            return crew
        if crew.unit != case.responsible:
            return Refused("not_yours", crew.id)
        return rule_refusal(self, by, case) or (Ordered(case.id, crew.id, by.user, at),)


@dataclass(frozen=True, slots=True)
class Ordered(Fact):
    """A crew was ordered to a case."""

    case: CaseId
    crew: Annotated[str, Names("crew", frozenset())]
    by: str
    at: datetime
    hand: str | None = None

    def evolve(self, record: Case | Crew) -> Case | Crew:
        """The case is handled, and is the job of the crew."""
        if isinstance(record, Case):
            return changed(record, stage=Stage.HANDLING)
        return replace(
            record, rev=record.rev + 1, status=CrewStatus.DISPATCHED, status_since=self.at, **assigned(self.case)
        )


@contextmanager
def ordering() -> Iterator[None]:
    """Within the block the program knows the command and its fact."""
    with patch.dict(commands.NAMES, order=Order), patch.dict(facts.NAMES, ordered=Ordered):
        yield
