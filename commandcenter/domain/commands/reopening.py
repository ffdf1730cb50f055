"""重办: a closed case that did not settle the matter is worked on again, in a new cycle with a limit of its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands.case_changes import changed
from commandcenter.domain.commands.case_steps import CaseStep
from commandcenter.domain.commands.filing import new_limit
from commandcenter.domain.decisions import Decision, Entry, Fact, Refused, View
from commandcenter.domain.fields import CaseId, Names, Text
from commandcenter.domain.kinds import LimitBasis
from commandcenter.domain.naming import named
from commandcenter.domain.people import Holder, Person, Role
from commandcenter.domain.rules import Offline, Rule, refuse_if_of_district
from commandcenter.domain.text import clean


@dataclass(frozen=True, slots=True)
class Reopen(CaseStep):
    """重办: reopens a closed case, with the reason."""

    case: Annotated[str, Names("case", frozenset({"stage"}))]
    reason: Annotated[str, Text(required=True)]

    entry = Entry(key="R", verb="chb", main=False, confirmed=False)
    rule = Rule(
        roles=frozenset({Role.SHIFT_LEADER}),
        stages=frozenset({Stage.CLOSED}),
        where=(refuse_if_of_district,),
        four_eyes=False,
        offline=Offline.KEPT,  # what others did meanwhile makes it a conflict
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """It goes to the holder that had it; without one that is still there it waits to be dispatched."""
        limit = new_limit(view, case, case.kind or "", at)
        if isinstance(limit, Refused):
            return limit
        holder = named(view, Holder, case.responsible or "")
        to = None if isinstance(holder, Refused) else holder.id
        return (Reopened(case.id, by.user, at, clean(self.reason), to, **limit),)


@dataclass(frozen=True, slots=True)
class Reopened(Fact):
    """The case was reopened with the holder `to` (None: with nobody), by a limit that begins anew."""

    case: CaseId
    by: str
    at: datetime
    reason: Annotated[str, Text(required=True)]
    to: str | None
    due: datetime
    green_until: datetime
    basis: LimitBasis | None = None
    hand: str | None = None

    def evolve(self, case: Case) -> Case:
        """Begins a new cycle of the case; what the former ones came to is in its history."""
        is_held = self.to is not None
        return changed(
            case,
            stage=Stage.HANDLING if is_held else Stage.FILED,
            responsible=self.to,
            filed_at=self.at,
            waits_since=None if is_held else self.at,
            due=self.due,
            green_until=self.green_until,
            basis=self.basis,
            dispatched_at=self.at if is_held else None,
            accepted_at=self.at if is_held else None,
            reported_at=None,
            ended_at=None,
            tasks=(),
            finding="",
        )


COMMANDS = (Reopen,)
FACTS = (Reopened,)
