"""借队, 同意支援, 不同意 and 归还: a crew helps in another street as long as both streets agree."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from commandcenter.domain.commands.case_steps import rule_refusal
from commandcenter.domain.commands.releasing import CrewId
from commandcenter.domain.commands.texts import bad_texts
from commandcenter.domain.decisions import Command, Decision, Fact, Refused, View
from commandcenter.domain.fields import Chosen, Moment, Names, Text
from commandcenter.domain.naming import named
from commandcenter.domain.people import Person, Role
from commandcenter.domain.places import Street
from commandcenter.domain.rules import Offline, Rule
from commandcenter.domain.teams import Crew, Loan
from commandcenter.domain.text import clean

_LENT = Names("crew", frozenset({"loan"}))
_STREETS = frozenset({Role.STREET_DISPATCHER})


def _rule(roles: frozenset[Role]) -> Rule:
    return Rule(roles=roles, stages=frozenset(), where=(), four_eyes=False, offline=Offline.KEPT)


class CrewCommand(Command):
    """A command on one crew; its rule and its texts are checked before `step` decides."""

    __slots__ = ()
    crew: str

    def decide(self, view: View, by: Person, at: datetime) -> Decision:
        """Returns what `step` decides, or why the texts do not allow it, or there is no such crew."""
        crew = named(view, Crew, self.crew)
        refusal = bad_texts(self) or rule_refusal(self, by, None) or (crew if isinstance(crew, Refused) else None)
        return refusal or self.step(view, crew, by, at)  # type: ignore[arg-type]  # it is no refusal

    def step(self, view: View, crew: Crew, by: Person, at: datetime) -> Decision:
        """Returns the facts that follow for `crew`, or the refusal."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class AskCrew(CrewCommand):
    """借队: asks that a crew help in `street`, until a moment or until it is given back (None)."""

    crew: Annotated[str, _LENT]
    street: Annotated[str, Chosen("street", required=True)]
    reason: Annotated[str, Text(required=True)]
    until: Annotated[datetime | None, Moment(required=False)] = None

    rule = _rule(_STREETS | {Role.DISPATCHER})

    def step(self, view: View, crew: Crew, by: Person, at: datetime) -> Decision:
        """The crew must be of another street, without a loan that runs; a street asks or offers for itself alone."""
        street = named(view, Street, self.street)
        if isinstance(street, Refused):
            return street
        if street.id == crew.street or by.scope.street not in (None, street.id, crew.street):
            return Refused("not_between_streets", street.id)
        if (lent := crew.loan_at(at)) is not None:
            return Refused("lent_already", lent.street)
        if self.until is not None and self.until <= at:
            return Refused("time_past", "until")
        return (CrewAsked(crew.id, by.user, at, street.id, by.scope.street, clean(self.reason), self.until),)


@dataclass(frozen=True, slots=True)
class CrewAsked(Fact):
    """A crew was asked for, or offered; `agreed` is the street that did so, None for the district's dispatcher."""

    crew: CrewId
    by: str
    at: datetime
    street: str
    agreed: str | None
    reason: Annotated[str, Text(required=True)]
    until: datetime | None = None
    hand: str | None = None

    def evolve(self, crew: Crew) -> Crew:
        """The other street, or both, have to agree."""
        agreed = () if self.agreed is None else (self.agreed,)
        return replace(crew, rev=crew.rev + 1, loan=Loan(self.street, agreed, self.until, self.at))


@dataclass(frozen=True, slots=True)
class AgreeLoan(CrewCommand):
    """同意支援: a street agrees that the crew helps."""

    crew: Annotated[str, _LENT]

    rule = _rule(_STREETS)

    def step(self, view: View, crew: Crew, by: Person, at: datetime) -> Decision:
        """The crew must be asked for, by now not in vain, and the street be one of the two and not have agreed yet."""
        if crew.loan is None or by.scope.street not in (crew.street, crew.loan.street):
            return Refused("not_asked_for", crew.id)
        if by.scope.street is None or by.scope.street in crew.loan.agreed:
            return Refused("agreed_already", by.scope.street or "")
        if crew.loan_at(at) is None:
            return Refused("time_past", "until")
        return (LoanAgreed(crew.id, by.user, at, by.scope.street),)


@dataclass(frozen=True, slots=True)
class LoanAgreed(Fact):
    """A street agreed that the crew helps."""

    crew: CrewId
    by: str
    at: datetime
    street: str
    hand: str | None = None

    def evolve(self, crew: Crew) -> Crew:
        """As soon as both have agreed, the crew may be sent to cases of the other street."""
        assert crew.loan is not None
        return replace(crew, rev=crew.rev + 1, loan=replace(crew.loan, agreed=(*crew.loan.agreed, self.street)))


@dataclass(frozen=True, slots=True)
class EndLoan(CrewCommand):
    """归还: gives a crew back, or refuses to lend it, with the reason."""

    crew: Annotated[str, _LENT]
    reason: Annotated[str, Text(required=True)]

    rule = _rule(_STREETS | {Role.DISPATCHER})

    def step(self, view: View, crew: Crew, by: Person, at: datetime) -> Decision:
        """The crew must be lent or asked for, and no case of the other street have it."""
        if crew.loan is None or by.scope.street not in (None, crew.street, crew.loan.street):
            return Refused("not_asked_for", crew.id)
        there = next((one.case for one in crew.assignments if one.street == crew.loan.street), None)
        return Refused("crew_at_work_there", there) if there else (LoanEnded(crew.id, by.user, at, clean(self.reason)),)


@dataclass(frozen=True, slots=True)
class LoanEnded(Fact):
    """The crew was given back, or not lent."""

    crew: CrewId
    by: str
    at: datetime
    reason: Annotated[str, Text(required=True)]
    hand: str | None = None

    def evolve(self, crew: Crew) -> Crew:
        """The crew is its own street's alone."""
        return replace(crew, rev=crew.rev + 1, loan=None)


COMMANDS = (AskCrew, AgreeLoan, EndLoan)
FACTS = (CrewAsked, LoanAgreed, LoanEnded)
