"""Steps and their facts which only tests have: of a holder and a reason, of a crew, and of a kind of case."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any
from unittest.mock import patch

from commandcenter.domain import commands, facts
from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.commands.case_changes import changed
from commandcenter.domain.commands.case_steps import CaseStep
from commandcenter.domain.commands.dispatching import Dispatched
from commandcenter.domain.decisions import Decision, Entry, Fact, Refused, View
from commandcenter.domain.fields import CaseId, Chosen, Names, Text
from commandcenter.domain.naming import named
from commandcenter.domain.people import Person, Role
from commandcenter.domain.rules import Offline, Rule
from commandcenter.domain.teams import Crew, CrewStatus
from tests.kit.crews import assigned
from ui.kit.texts.words import terms

_RULE = Rule(
    roles=frozenset({Role.DISPATCHER}),
    stages=frozenset({Stage.FILED}),
    where=(),
    four_eyes=False,
    offline=Offline.KEPT,
)


@dataclass(frozen=True, slots=True)
class HandOver(CaseStep):
    """转派: gives the case to a holder for a reason, with a note that nobody is asked for."""

    case: Annotated[str, Names("case", frozenset({"stage"}))]
    to: Annotated[str, Chosen("holder", required=True)]
    reason: Annotated[str, Text(required=True)]
    note: Annotated[str, Text(required=False)] = ""

    entry = Entry(key="Z", verb="zp", main=False, confirmed=False)
    rule = _RULE

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The case is dispatched."""
        return (Dispatched(case.id, by.user, at, to=self.to, tier=Tier.STREET, note=self.reason),)


@dataclass(frozen=True, slots=True)
class MoveCrew(CaseStep):
    """派小组: sends a crew to the case."""

    case: Annotated[str, Names("case", frozenset())]
    team: Annotated[str, Chosen("crew", required=True)]

    entry = Entry(key="K", verb="xz", main=False, confirmed=False)
    rule = _RULE

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The crew must be in use."""
        crew = named(view, Crew, self.team)
        return crew if isinstance(crew, Refused) else (CrewMoved(case.id, crew.id, by.user, at),)


@dataclass(frozen=True, slots=True)
class CrewMoved(Fact):
    """A crew was sent to a case."""

    case: CaseId
    crew: Annotated[str, Names("crew", frozenset())]
    by: str
    at: datetime
    hand: str | None = None

    def evolve(self, record: Any) -> Any:
        """Dispatches the crew; of the case nothing but the revision changes."""
        if not isinstance(record, Crew):
            return changed(record)
        return replace(record, rev=record.rev + 1, status=CrewStatus.DISPATCHED, **assigned(self.case))


@dataclass(frozen=True, slots=True)
class Classify(CaseStep):
    """改类: says of which kind the case is."""

    case: Annotated[str, Names("case", frozenset())]
    to: Annotated[str, Chosen("kind", required=True)]

    entry = Entry(key="G", verb="gl", main=False, confirmed=False)
    rule = _RULE

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The kind is another."""
        return (Classified(case.id, by.user, at, kind=self.to),)


@dataclass(frozen=True, slots=True)
class Classified(Fact):
    """The case is of another kind."""

    case: CaseId
    by: str
    at: datetime
    kind: str
    hand: str | None = None

    def evolve(self, case: Case) -> Case:
        """Sets the kind."""
        return changed(case, kind=self.kind)


@contextmanager
def choosing() -> Iterator[None]:
    """Within the block the program knows the steps, with their words."""
    steps = {"hand_over": HandOver, "move_crew": MoveCrew, "classify": Classify}
    words = {"hand_over": {"zh": "转派", "en": "Hand over"}, "move_crew": {"zh": "派小组", "en": "Move a crew"}}
    words |= {"classify": {"zh": "改类", "en": "Classify"}}
    asks = {"hand_over": {"zh": "为什么转派", "en": "Why it is handed over"}}
    changes = (
        (commands.NAMES, steps),
        (commands.STEPS, steps),
        (facts.NAMES, {"crew_moved": CrewMoved, "classified": Classified}),
        (terms()["command"], words),
        (terms()["ask"], asks),
    )
    with ExitStack() as patches:
        for table, more in changes:
            patches.enter_context(patch.dict(table, more))
        yield
