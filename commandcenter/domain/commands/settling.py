"""反馈 and 结案: the holder reports a case as settled, and the hall closes it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands.case_changes import changed
from commandcenter.domain.commands.case_steps import CaseStep
from commandcenter.domain.decisions import Decision, Entry, Fact, Refused, View
from commandcenter.domain.fields import CaseId, Names, Text
from commandcenter.domain.kinds import Check, Kind
from commandcenter.domain.people import HOLDER_ROLES, Person, Role
from commandcenter.domain.rules import Offline, Rule, refuse_if_applied, refuse_if_open_tasks, refuse_unless_held
from commandcenter.domain.text import clean


@dataclass(frozen=True, slots=True)
class Report(CaseStep):
    """反馈: the holder reports what was found and done."""

    case: Annotated[str, Names("case", frozenset({"stage", "responsible"}))]
    finding: Annotated[str, Text(required=True)]

    entry = Entry(key="F", verb="fk", main=True, confirmed=False)
    rule = Rule(
        roles=HOLDER_ROLES,
        stages=frozenset({Stage.HANDLING}),
        where=(refuse_unless_held, refuse_if_applied, refuse_if_open_tasks),
        four_eyes=False,
        offline=Offline.KEPT,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The case is settled, with a text on what was found and done."""
        return (Reported(case.id, by.user, at, clean(self.finding)),)


@dataclass(frozen=True, slots=True)
class Reported(Fact):
    """The holder reported the case as settled."""

    case: CaseId
    by: str
    at: datetime
    finding: Annotated[str, Text(required=True)]
    hand: str | None = None

    counted_as = Stage.REPORTED

    def evolve(self, case: Case) -> Case:
        """Records that the holder reports the case as settled."""
        told = {"reported_at": self.at, "finding": self.finding, "order_refusal": None}
        return changed(case, stage=Stage.REPORTED, **told)


@dataclass(frozen=True, slots=True)
class Close(CaseStep):
    """结案: closes a reported case whose kind requires no check."""

    case: Annotated[str, Names("case", frozenset({"stage"}))]
    note: Annotated[str, Text(required=False)] = ""

    entry = Entry(key="J", verb="ja", main=True, confirmed=True)
    rule = Rule(
        roles=frozenset({Role.SHIFT_LEADER, Role.INTAKE_CLERK}),
        stages=frozenset({Stage.REPORTED}),
        where=(),
        four_eyes=True,
        offline=Offline.KEPT,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The case is closed, unless its kind requires a check."""
        kind = view.find("kind", case.kind or "")
        if isinstance(kind, Kind) and kind.check is not Check.NONE:
            return Refused("needs_check", kind.check)
        return (Closed(case.id, by.user, at, clean(self.note)),)


@dataclass(frozen=True, slots=True)
class Closed(Fact):
    """The case was closed."""

    case: CaseId
    by: str
    at: datetime
    note: Annotated[str, Text(required=False)] = ""
    hand: str | None = None

    counted_as = Stage.CLOSED

    def evolve(self, case: Case) -> Case:
        """Closes the case."""
        return changed(case, stage=Stage.CLOSED, ended_at=self.at)


COMMANDS = (Report, Close)
FACTS = (Reported, Closed)
