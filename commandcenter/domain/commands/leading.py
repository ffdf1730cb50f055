"""定主办, 改主办 and 主办异议: the coordinator gives a case to a lead, changes it, and the lead may refuse."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from commandcenter.domain.cases import WITH_HOLDER, Case, LeadObjection, Stage, Tier
from commandcenter.domain.commands.case_changes import NOBODY, changed, filed_again
from commandcenter.domain.commands.case_steps import CaseStep
from commandcenter.domain.decisions import Decision, Entry, Fact, Refused, View
from commandcenter.domain.fields import CaseId, Chosen, Names, OneOf, Rank, Text
from commandcenter.domain.naming import named
from commandcenter.domain.people import HOLDER_ROLES, Holder, Person, Role
from commandcenter.domain.rules import Offline, Rule, refuse_if_applied, refuse_unless_held, refuse_unless_of_district
from commandcenter.domain.tasks import Objection
from commandcenter.domain.text import clean

RANK_MOST = 100  # leads that a recommendation can propose
_LED = Names("case", frozenset({"stage", "responsible", "tier"}))


@dataclass(frozen=True, slots=True)
class SetLead(CaseStep):
    """定主办: gives a case of the district that has no lead to the body that is to lead it.

    `rank`: its place, counted from 1, among the leads proposed; None when it was none of them, or none were shown.
    """

    case: Annotated[str, _LED]
    to: Annotated[str, Chosen("holder", required=True)]
    note: Annotated[str, Text(required=False)] = ""
    rank: Annotated[int | None, Rank()] = None

    entry = Entry(key="Z", verb="zb", main=True, confirmed=False)
    rule = Rule(
        roles=frozenset({Role.COORDINATOR}),
        stages=frozenset({Stage.FILED}),
        where=(refuse_unless_of_district,),
        four_eyes=False,
        offline=Offline.ASKED,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The body must exist."""
        holder = _chosen(view, self.to, self.rank)
        if isinstance(holder, Refused):
            return holder
        return (LeadSet(case.id, by.user, at, to=holder.id, note=clean(self.note), rank=self.rank),)


@dataclass(frozen=True, slots=True)
class LeadSet(Fact):
    """The body `to` leads the case; `note`: why another than before, if there was one; `rank`: see SetLead."""

    case: CaseId
    by: str
    at: datetime
    to: str
    note: Annotated[str, Text(required=False)] = ""
    hand: str | None = None
    rank: Annotated[int | None, Rank()] = None

    counted_as = Stage.DISPATCHED

    def evolve(self, case: Case) -> Case:
        """Makes the body responsible; it has to accept the case."""
        held = {**NOBODY, "responsible": self.to, "dispatched_at": self.at, "hops": case.hops + 1, "objection": None}
        return changed(case, stage=Stage.DISPATCHED, tier=Tier.DISTRICT, **held)


@dataclass(frozen=True, slots=True)
class ChangeLead(CaseStep):
    """改主办: gives a case of the district to another lead, with the reason; its sub-tasks go on; `rank`: as first."""

    case: Annotated[str, _LED]
    to: Annotated[str, Chosen("holder", required=True)]
    reason: Annotated[str, Text(required=True)]
    rank: Annotated[int | None, Rank()] = None

    entry = Entry(key="Z", verb="gzb", main=False, confirmed=False)
    rule = Rule(
        roles=frozenset({Role.COORDINATOR}),
        stages=WITH_HOLDER,
        where=(refuse_unless_of_district, refuse_if_applied),
        four_eyes=False,
        offline=Offline.KEPT,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The body must exist, and be another than now."""
        holder = _chosen(view, self.to, self.rank)
        if isinstance(holder, Refused):
            return holder
        if holder.id == case.responsible:
            return Refused("leads_already", holder.id)
        return (LeadSet(case.id, by.user, at, to=holder.id, note=clean(self.reason), rank=self.rank),)


@dataclass(frozen=True, slots=True)
class RefuseLead(CaseStep):
    """主办异议: the body refuses to lead the case, with the kind of its objection and the reason."""

    case: Annotated[str, _LED]
    objection: Annotated[Objection, OneOf(Objection)]
    reason: Annotated[str, Text(required=False)] = ""

    entry = Entry(key="M", verb="yyi", main=False, confirmed=False)
    rule = Rule(
        roles=HOLDER_ROLES,
        stages=frozenset({Stage.DISPATCHED}),
        where=(refuse_unless_of_district, refuse_unless_held, refuse_if_applied),
        four_eyes=False,
        offline=Offline.KEPT,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The case goes back to the coordinator, and names who refused."""
        holder = by.scope.holder or ""
        return (LeadRefused(case.id, by.user, at, holder, self.objection, clean(self.reason)),)


@dataclass(frozen=True, slots=True)
class LeadRefused(Fact):
    """The body refused to lead the case."""

    case: CaseId
    by: str
    at: datetime
    holder: str
    objection: Objection
    reason: Annotated[str, Text(required=False)] = ""
    hand: str | None = None

    is_refusal = True

    def evolve(self, case: Case) -> Case:
        """The case waits for another lead; the coordinator carries its time."""
        return filed_again(case, self.at, objection=LeadObjection(self.holder, self.objection, self.reason))


def _chosen(view: View, key: str, rank: int | None) -> Holder | Refused:
    """Returns the body, which must exist; refuses a rank that no proposal has."""
    if rank is not None and not 1 <= rank <= RANK_MOST:
        return Refused("bad_value", "rank")
    return named(view, Holder, key)


COMMANDS = (SetLead, ChangeLead, RefuseLead)
FACTS = (LeadSet, LeadRefused)
