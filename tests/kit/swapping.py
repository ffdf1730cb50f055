"""A command and a fact on two records, which only tests have: two cases exchange their holders."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from unittest.mock import patch

from commandcenter.domain import commands, facts
from commandcenter.domain.cases import WITH_HOLDER, Case, Stage
from commandcenter.domain.commands.case_changes import changed
from commandcenter.domain.commands.case_steps import rule_refusal
from commandcenter.domain.commands.follow_ups import completed
from commandcenter.domain.decisions import Command, Decision, Fact, Refused, View
from commandcenter.domain.fields import CaseId, Names
from commandcenter.domain.people import Person, Role
from commandcenter.domain.rules import Offline, Rule

_HELD = Names("case", frozenset({"stage", "responsible"}))


@dataclass(frozen=True, slots=True)
class Swap(Command):
    """Gives each of two cases the holder of the other."""

    case: Annotated[str, _HELD]
    other: Annotated[str, _HELD]

    rule = Rule(
        roles=frozenset({Role.DISPATCHER, Role.STREET_DISPATCHER}),
        stages=WITH_HOLDER,
        where=(),
        four_eyes=True,
        offline=Offline.KEPT,
    )

    def decide(self, view: View, by: Person, at: datetime) -> Decision:
        """Both cases must exist and be with their holders."""
        one, other = (view.find("case", key) for key in (self.case, self.other))
        if not isinstance(one, Case) or not isinstance(other, Case):
            return Refused("unknown_case", self.other if isinstance(one, Case) else self.case)
        refusal = rule_refusal(self, by, one) or rule_refusal(self, by, other)
        swapped = Swapped(one.id, other.id, by.user, at, to=other.responsible or "", other_to=one.responsible or "")
        return refusal or completed(view, (swapped,), by, at)


@dataclass(frozen=True, slots=True)
class Swapped(Fact):
    """Two cases have exchanged their holders."""

    case: CaseId
    other: CaseId
    by: str
    at: datetime
    to: str
    other_to: str
    hand: str | None = None

    def evolve(self, case: Case) -> Case:
        """Gives the case, which may be either, its new holder."""
        return changed(case, stage=Stage.DISPATCHED, responsible=self.to if case.id == self.case else self.other_to)


@contextmanager
def swapping() -> Iterator[None]:
    """Within the block the program knows the command and its fact."""
    with patch.dict(commands.NAMES, swap=Swap), patch.dict(facts.NAMES, swapped=Swapped):
        yield
