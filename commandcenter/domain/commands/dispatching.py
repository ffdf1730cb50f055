"""派遣, 签收 and 撤回: a case is dispatched to a holder, who accepts it, or from whom the hall takes it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from commandcenter.domain.cases import WITH_HOLDER, Case, Stage, Tier
from commandcenter.domain.commands.case_changes import NOBODY, changed, filed_again
from commandcenter.domain.commands.case_steps import CaseStep
from commandcenter.domain.commands.sending import GUARDED, CrewOrder, sent
from commandcenter.domain.decisions import Decision, Entry, Fact, Refused, View
from commandcenter.domain.fields import CaseId, Chosen, Names, Text
from commandcenter.domain.naming import named
from commandcenter.domain.people import HOLDER_ROLES, Holder, HolderKind, Person, Role
from commandcenter.domain.rules import Offline, Rule, refuse_if_applied, refuse_if_of_district, refuse_unless_held
from commandcenter.domain.text import clean

_TIER_OF = {HolderKind.GRID_TEAM: Tier.GRID, HolderKind.UNIT: Tier.STREET, HolderKind.DEPARTMENT: Tier.DISTRICT}


@dataclass(frozen=True, slots=True)
class Dispatch(CaseStep):
    """派遣: dispatches the case to a grid team, a unit or a department, and a `crew` with it, if one is named."""

    case: Annotated[str, Names("case", frozenset({"stage", "responsible", "tier"}))]
    to: Annotated[str, Chosen("holder", required=True)]
    note: Annotated[str, Text(required=False)] = ""
    crew: Annotated[str | None, Chosen("crew", required=False, many=True), Names("crew", GUARDED)] = None

    entry = Entry(key="P", verb="pd", main=True, confirmed=False)
    rule = Rule(
        roles=frozenset({Role.DISPATCHER, Role.STREET_DISPATCHER}),
        stages=frozenset({Stage.FILED}),
        where=(refuse_if_of_district,),
        four_eyes=False,
        offline=Offline.ASKED,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The holder must exist; a street's dispatcher dispatches only to holders of that street."""
        holder = named(view, Holder, self.to)
        if isinstance(holder, Refused):
            return holder
        if by.scope.street is not None and holder.street != by.scope.street:
            return Refused("other_street", holder.id)
        done = Dispatched(case.id, by.user, at, to=holder.id, tier=_TIER_OF[holder.kind], note=clean(self.note))
        if self.crew is None:
            return (done,)
        crew = sent(view, case, CrewOrder(self.crew, holder.id), by, at)
        return crew if isinstance(crew, Refused) else (done, crew)


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

    counted_as = Stage.DISPATCHED

    def evolve(self, case: Case) -> Case:
        """Makes a holder responsible, which also determines the tier."""
        held = {**NOBODY, "responsible": self.to, "dispatched_at": self.at, "hops": case.hops + 1, "objection": None}
        return changed(case, stage=Stage.DISPATCHED, tier=self.tier, **held)


@dataclass(frozen=True, slots=True)
class Accept(CaseStep):
    """签收: the holder accepts the case."""

    case: Annotated[str, Names("case", frozenset({"stage", "responsible"}))]

    entry = Entry(key="Q", verb="qs", main=True, confirmed=False)
    rule = Rule(
        roles=HOLDER_ROLES,
        stages=frozenset({Stage.DISPATCHED}),
        where=(refuse_unless_held,),
        four_eyes=False,
        offline=Offline.KEPT,
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

    counted_as = Stage.HANDLING

    def evolve(self, case: Case) -> Case:
        """Starts the work on the case."""
        return changed(case, stage=Stage.HANDLING, accepted_at=self.at)


@dataclass(frozen=True, slots=True)
class Recall(CaseStep):
    """撤回: takes a dispatched case back from its holder, with the reason; compensates a dispatch."""

    case: Annotated[str, Names("case", frozenset({"stage", "responsible"}))]
    reason: Annotated[str, Text(required=True)]

    entry = Entry(key="B", verb="ch", main=False, confirmed=False)
    rule = Rule(
        roles=frozenset({Role.DISPATCHER, Role.STREET_DISPATCHER}),
        stages=WITH_HOLDER,
        where=(refuse_if_applied, refuse_if_of_district),  # an open application is answered
        four_eyes=False,
        offline=Offline.KEPT,  # what the holder did meanwhile makes it a conflict
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The case is filed again and can be dispatched."""
        return (Recalled(case.id, by.user, at, clean(self.reason)),)


@dataclass(frozen=True, slots=True)
class Recalled(Fact):
    """The case was taken back from its holder."""

    case: CaseId
    by: str
    at: datetime
    reason: Annotated[str, Text(required=True)]
    hand: str | None = None

    def evolve(self, case: Case) -> Case:
        """Returns the case to filed, with nobody responsible; the time limit runs on."""
        return filed_again(case, self.at)


COMMANDS = (Dispatch, Accept, Recall)
FACTS = (Dispatched, Accepted, Recalled)
