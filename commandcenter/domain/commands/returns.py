"""申请退回: the holder applies to return a case, and the hall approves or denies it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from commandcenter.domain.cases import WITH_HOLDER, Application, Case
from commandcenter.domain.commands.case_changes import changed, filed_again
from commandcenter.domain.commands.case_steps import CaseStep
from commandcenter.domain.decisions import Decision, Entry, Fact, View
from commandcenter.domain.fields import CaseId, Names, Text
from commandcenter.domain.people import HOLDER_ROLES, Person, Role
from commandcenter.domain.rules import Offline, Rule, refuse_if_applied, refuse_unless_applied, refuse_unless_held
from commandcenter.domain.text import clean

_ANSWERED = Names("case", frozenset({"stage", "responsible", "application"}))
_ANSWER = Rule(
    roles=frozenset({Role.DISPATCHER}),
    stages=WITH_HOLDER,
    where=(refuse_unless_applied,),
    four_eyes=False,
    offline=Offline.KEPT,
)


@dataclass(frozen=True, slots=True)
class ApplyReturn(CaseStep):
    """申请退回: the holder applies to return the case, with a reason."""

    case: Annotated[str, Names("case", frozenset({"stage", "responsible"}))]
    reason: Annotated[str, Text(required=True)]

    entry = Entry(key="T", verb="th", main=False, confirmed=False)
    rule = Rule(
        roles=HOLDER_ROLES,
        stages=WITH_HOLDER,
        where=(refuse_unless_held, refuse_if_applied),
        four_eyes=False,
        offline=Offline.KEPT,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The stage stays until the application is decided."""
        return (ReturnApplied(case.id, by.user, at, clean(self.reason)),)


@dataclass(frozen=True, slots=True)
class ReturnApplied(Fact):
    """The holder applied to return the case."""

    case: CaseId
    by: str
    at: datetime
    reason: Annotated[str, Text(required=True)]
    hand: str | None = None

    is_refusal = True

    def evolve(self, case: Case) -> Case:
        """Adds the holder's application to return the case; the stage stays."""
        return changed(case, application=Application(by=self.by, reason=self.reason, at=self.at))


@dataclass(frozen=True, slots=True)
class ApproveReturn(CaseStep):
    """同意退回: approves the return; the case can be dispatched again."""

    case: Annotated[str, _ANSWERED]
    note: Annotated[str, Text(required=False)] = ""

    entry = Entry(key="Y", verb="ty", main=True, confirmed=False)
    rule = _ANSWER

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The case is filed again and can be dispatched."""
        return (ReturnApproved(case.id, by.user, at, clean(self.note)),)


@dataclass(frozen=True, slots=True)
class ReturnApproved(Fact):
    """The return was approved; the case can be dispatched again."""

    case: CaseId
    by: str
    at: datetime
    note: Annotated[str, Text(required=False)] = ""
    hand: str | None = None

    def evolve(self, case: Case) -> Case:
        """Returns the case to filed, with nobody responsible; the time limit runs on."""
        returned = {"returns": case.returns + 1, "returned_by": case.responsible}
        return filed_again(case, self.at, application=None, **returned)


@dataclass(frozen=True, slots=True)
class DenyReturn(CaseStep):
    """不同意退回: denies the return, with a reason; the case stays with its holder."""

    case: Annotated[str, _ANSWERED]
    reason: Annotated[str, Text(required=True)]

    entry = Entry(key="N", verb="bty", main=False, confirmed=False)
    rule = _ANSWER

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The case stays with its holder."""
        return (ReturnDenied(case.id, by.user, at, clean(self.reason)),)


@dataclass(frozen=True, slots=True)
class ReturnDenied(Fact):
    """The return was denied; the case stays with its holder."""

    case: CaseId
    by: str
    at: datetime
    reason: Annotated[str, Text(required=True)]
    hand: str | None = None

    def evolve(self, case: Case) -> Case:
        """Removes the application; everything else stays."""
        return changed(case, application=None)


COMMANDS = (ApplyReturn, ApproveReturn, DenyReturn)
FACTS = (ReturnApplied, ReturnApproved, ReturnDenied)
