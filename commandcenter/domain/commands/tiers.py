"""上报 and 下派: a case goes to the tier above or below, filed there and to be dispatched again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from commandcenter.domain.cases import WITH_HOLDER, Case, Stage, Tier
from commandcenter.domain.commands.case_changes import filed_again
from commandcenter.domain.commands.case_steps import CaseStep
from commandcenter.domain.decisions import Decision, Entry, Fact, View
from commandcenter.domain.fields import CaseId, Names, Text
from commandcenter.domain.people import Person, Role
from commandcenter.domain.rules import Offline, Rule, refuse_if_applied, refuse_if_of_district, refuse_unless_held
from commandcenter.domain.text import clean

_ABOVE = {Tier.GRID: Tier.STREET, Tier.STREET: Tier.DISTRICT}
_BELOW = {above: tier for tier, above in _ABOVE.items()}
_TIERED = Names("case", frozenset({"stage", "responsible", "tier"}))
_LIMITED = WITH_HOLDER | {Stage.FILED, Stage.REPORTED}  # open, with a time limit: what was received is filed first


def refuse_if_highest(by: Person, case: Case) -> str | None:
    """Refuses a case of the highest tier."""
    return None if case.tier in _ABOVE else "highest_tier"


def refuse_if_lowest(by: Person, case: Case) -> str | None:
    """Refuses a case of the lowest tier."""
    return None if case.tier in _BELOW else "lowest_tier"


@dataclass(frozen=True, slots=True)
class Escalate(CaseStep):
    """上报: hands a case that cannot be settled here to the tier above, with the reason."""

    case: Annotated[str, _TIERED]
    reason: Annotated[str, Text(required=True)]

    entry = Entry(key="U", verb="sb", main=False, confirmed=False)
    rule = Rule(
        roles=frozenset({Role.GRID_LEADER, Role.STREET_DISPATCHER}),
        stages=_LIMITED,
        where=(refuse_unless_held, refuse_if_applied, refuse_if_highest),
        four_eyes=False,
        offline=Offline.KEPT,  # what others did meanwhile makes it a conflict
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The case waits at the tier above to be dispatched."""
        return (Escalated(case.id, by.user, at, _ABOVE[case.tier], clean(self.reason)),)


@dataclass(frozen=True, slots=True)
class Escalated(Fact):
    """The case was handed to the tier above, which is `tier`."""

    case: CaseId
    by: str
    at: datetime
    tier: Tier
    reason: Annotated[str, Text(required=True)]
    hand: str | None = None

    def evolve(self, case: Case) -> Case:
        """Returns the case to filed at `tier`."""
        return _filed_at(self.tier, case, self.at)


@dataclass(frozen=True, slots=True)
class SendDown(CaseStep):
    """下派: hands a case to the tier below, which can settle it, with the reason."""

    case: Annotated[str, _TIERED]
    reason: Annotated[str, Text(required=True)]

    entry = Entry(key="X", verb="xp", main=False, confirmed=False)
    rule = Rule(
        roles=frozenset({Role.DISPATCHER, Role.STREET_DISPATCHER, Role.COORDINATOR}),
        stages=_LIMITED,
        where=(refuse_if_applied, refuse_if_lowest, refuse_if_of_district),
        four_eyes=False,
        offline=Offline.KEPT,  # what others did meanwhile makes it a conflict
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The case waits at the tier below to be dispatched."""
        return (SentDown(case.id, by.user, at, _BELOW[case.tier], clean(self.reason)),)


@dataclass(frozen=True, slots=True)
class SentDown(Fact):
    """The case was handed to the tier below, which is `tier`."""

    case: CaseId
    by: str
    at: datetime
    tier: Tier
    reason: Annotated[str, Text(required=True)]
    hand: str | None = None

    def evolve(self, case: Case) -> Case:
        """Returns the case to filed at `tier`."""
        return _filed_at(self.tier, case, self.at)


def _filed_at(tier: Tier, case: Case, at: datetime) -> Case:
    """Returns `case` filed at `tier`, with nobody responsible since `at` and nothing reported; its limit runs on."""
    return filed_again(case, at, tier=tier, finding="", reported_at=None)


COMMANDS = (Escalate, SendDown)
FACTS = (Escalated, SentDown)
