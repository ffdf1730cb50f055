"""调序: a case is given another place in the queue of its holder."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from commandcenter.domain.cases import WITH_HOLDER, Case
from commandcenter.domain.commands.case_changes import changed
from commandcenter.domain.commands.case_steps import CaseCommand
from commandcenter.domain.decisions import Decision, Fact, View
from commandcenter.domain.fields import CaseId, Names
from commandcenter.domain.people import HOLDER_ROLES, Person, Role
from commandcenter.domain.rules import Offline, Rule, refuse_if_of_district, refuse_unless_held


@dataclass(frozen=True, slots=True)
class Reorder(CaseCommand):
    """调序: gives the case the place in its holder's queue that a case due at `as_due` has; None: its own due."""

    case: Annotated[str, Names("case", frozenset({"responsible"}))]
    as_due: datetime | None = None

    rule = Rule(
        roles=HOLDER_ROLES | {Role.DISPATCHER, Role.STREET_DISPATCHER},
        stages=WITH_HOLDER,
        where=(refuse_unless_held, refuse_if_of_district),
        four_eyes=False,
        offline=Offline.KEPT,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The case stands where `as_due` puts it."""
        return (Reordered(case.id, by.user, at, as_due=self.as_due),)


@dataclass(frozen=True, slots=True)
class Reordered(Fact):
    """The case was given another place in the queue of its holder."""

    case: CaseId
    by: str
    at: datetime
    as_due: datetime | None = None
    hand: str | None = None

    def evolve(self, case: Case) -> Case:
        """Sets the place; the time limit is the same."""
        return changed(case, queued_as=self.as_due)


COMMANDS = (Reorder,)
FACTS = (Reordered,)
