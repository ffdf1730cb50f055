"""催办: the body that is responsible for a case is reminded of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from commandcenter.domain.cases import WITH_HOLDER, Case
from commandcenter.domain.commands.case_changes import changed
from commandcenter.domain.commands.case_steps import CaseStep
from commandcenter.domain.decisions import Decision, Entry, Fact, Refused, View
from commandcenter.domain.fields import CaseId, Names, Text
from commandcenter.domain.people import Person, Role
from commandcenter.domain.rules import Offline, Rule, refuse_if_applied
from commandcenter.domain.text import clean

REST = timedelta(minutes=10)  # after a reminder, before the same body is reminded of the same case again


@dataclass(frozen=True, slots=True)
class Urge(CaseStep):
    """催办: reminds the body that is responsible for the case, with a note if there is something to say."""

    case: Annotated[str, Names("case", frozenset())]  # whatever else happened to it meanwhile
    note: Annotated[str, Text(required=False)] = ""

    entry = Entry(key="Shift+C", verb="cb", main=False, confirmed=False)
    rule = Rule(
        roles=frozenset(
            {
                *(Role.INTAKE_CLERK, Role.SHIFT_LEADER, Role.DISPATCHER),
                *(Role.STREET_DISPATCHER, Role.COORDINATOR, Role.LEADER),
            }
        ),
        stages=WITH_HOLDER,
        where=(refuse_if_applied,),  # then the hall has to answer, not the body
        four_eyes=False,
        offline=Offline.ASKED,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """Nobody was reminded of it within the last minutes."""
        if case.urged_at is not None and at - case.urged_at < REST:
            return Refused("urged_already", case.responsible or "")
        return (Urged(case.id, by.user, at, clean(self.note)),)


@dataclass(frozen=True, slots=True)
class Urged(Fact):
    """The body that is responsible was reminded of the case."""

    case: CaseId
    by: str
    at: datetime
    note: Annotated[str, Text(required=False)] = ""
    hand: str | None = None

    def evolve(self, case: Case) -> Case:
        """Records when it was reminded; nothing else changes."""
        return changed(case, urged_at=self.at)


COMMANDS = (Urge,)
FACTS = (Urged,)
