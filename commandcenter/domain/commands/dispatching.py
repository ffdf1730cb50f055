"""派遣 and 签收: a case is dispatched to a holder, who accepts it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.commands.case_steps import CaseStep, Entry, changed
from commandcenter.domain.decisions import Decision, Fact, Refused, View
from commandcenter.domain.fields import CaseId, Chosen, Names, Text
from commandcenter.domain.people import HOLDER_ROLES, Holder, HolderKind, Person, Role
from commandcenter.domain.rules import Rule
from commandcenter.domain.text import clean

_TIER_OF = {HolderKind.GRID_TEAM: Tier.GRID, HolderKind.UNIT: Tier.STREET, HolderKind.DEPARTMENT: Tier.DISTRICT}


@dataclass(frozen=True, slots=True)
class Dispatch(CaseStep):
    """派遣: dispatches the case to a grid team, a unit or a department."""

    case: Annotated[str, Names("case", frozenset({"stage", "responsible"}))]
    to: Annotated[str, Chosen("holder")]
    note: Annotated[str, Text(required=False)] = ""

    entry = Entry(key="P", verb="pd", confirmed=False)
    rule = Rule(
        roles=frozenset({Role.DISPATCHER, Role.STREET_DISPATCHER}),
        stages=frozenset({Stage.FILED}),
        own=False,
        application=None,
        four_eyes=False,
        asked_when_old=True,
        creates=False,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The holder must exist; a street's dispatcher dispatches only to holders of that street."""
        holder = view.find("holder", self.to)
        if not isinstance(holder, Holder):
            return Refused("unknown_holder", self.to)
        if by.scope.street is not None and holder.street != by.scope.street:
            return Refused("other_street", holder.id)
        return (Dispatched(case.id, by.user, at, to=holder.id, tier=_TIER_OF[holder.kind], note=clean(self.note)),)


@dataclass(frozen=True, slots=True)
class Dispatched(Fact):
    """The case was dispatched to the holder `to`, who settles it at `tier`."""

    case: CaseId
    by: str
    at: datetime
    to: str
    tier: Tier
    note: Annotated[str, Text(required=False)] = ""
    hand: str | None = None

    def evolve(self, case: Case) -> Case:
        """Makes a holder responsible, which also determines the tier."""
        return changed(
            case,
            stage=Stage.DISPATCHED,
            responsible=self.to,
            tier=self.tier,
            dispatched_at=self.at,
            accepted_at=None,
        )


@dataclass(frozen=True, slots=True)
class Accept(CaseStep):
    """签收: the holder accepts the case."""

    case: Annotated[str, Names("case", frozenset({"stage", "responsible"}))]

    entry = Entry(key="Q", verb="qs", confirmed=False)
    rule = Rule(
        roles=HOLDER_ROLES,
        stages=frozenset({Stage.DISPATCHED}),
        own=True,
        application=None,
        four_eyes=False,
        asked_when_old=False,
        creates=False,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The holder that it was dispatched to accepts the case."""
        return (Accepted(case.id, by.user, at),)


@dataclass(frozen=True, slots=True)
class Accepted(Fact):
    """The holder accepted the case."""

    case: CaseId
    by: str
    at: datetime
    hand: str | None = None

    def evolve(self, case: Case) -> Case:
        """Starts the work on the case."""
        return changed(case, stage=Stage.HANDLING, accepted_at=self.at)


COMMANDS = (Dispatch, Accept)
FACTS = (Dispatched, Accepted)
