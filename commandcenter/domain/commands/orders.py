"""派队, 接单, 拒单 and 收队: a crew is sent to a case, its unit accepts or refuses the order, and it is released."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from commandcenter.domain.cases import WITH_HOLDER, Case, OrderRefusal, Stage
from commandcenter.domain.commands.case_changes import changed
from commandcenter.domain.commands.case_steps import CaseStep
from commandcenter.domain.commands.releasing import CrewId, CrewReleased, at_work, in_status, without
from commandcenter.domain.commands.sending import GUARDED, CrewOrder, CrewSent, own_crew, sent
from commandcenter.domain.decisions import Decision, Entry, Fact, Refused, View
from commandcenter.domain.fields import CaseId, Chosen, Moment, Names, Text
from commandcenter.domain.people import Person, Role
from commandcenter.domain.records import Record
from commandcenter.domain.rules import Offline, Rule, refuse_unless_held, refuse_unless_sent
from commandcenter.domain.teams import AssignmentState, Crew, CrewStatus
from commandcenter.domain.text import clean

_SENT = Names("crew", GUARDED)
_SENDERS = frozenset({Role.DISPATCHER, Role.STREET_DISPATCHER, Role.UNIT})


@dataclass(frozen=True, slots=True)
class SendCrew(CaseStep):
    """派队: orders a crew to the case; one that has a job, or is off duty by its roster, with the reason alone.

    `booked_for`: it is to be there at that moment, and until then is free for others; None for at once.
    """

    case: Annotated[str, Names("case", frozenset({"stage", "responsible"}))]
    crew: Annotated[str, Chosen("crew", required=True, many=True), _SENT]
    reason: Annotated[str, Text(required=False)] = ""
    booked_for: Annotated[datetime | None, Moment(required=False)] = None

    entry = Entry(key="D", verb="du", main=False, confirmed=False)
    rule = Rule(
        roles=_SENDERS,
        stages=WITH_HOLDER,
        where=(refuse_unless_held,),
        four_eyes=False,
        offline=Offline.ASKED,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The crew must be one of the case's street, on duty and without an open order."""
        assert case.responsible is not None  # as the stages of the rule say
        order = CrewOrder(self.crew, case.responsible, clean(self.reason), self.booked_for)
        done = sent(view, case, order, by, at)
        return done if isinstance(done, Refused) else (done,)


@dataclass(frozen=True, slots=True)
class AcceptOrder(CaseStep):
    """接单: the unit accepts the order, and its crew sets off."""

    case: Annotated[str, Names("case", frozenset({"stage"}))]
    crew: Annotated[str, Chosen("crew", required=True, many=True), _SENT]

    entry = Entry(key="O", verb="jd", main=False, confirmed=False)
    rule = Rule(
        roles=frozenset({Role.UNIT}),
        stages=WITH_HOLDER,
        where=(refuse_unless_sent,),
        four_eyes=False,
        offline=Offline.KEPT,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The crew must be one of the unit's, with an order to this case."""
        crew = _ordered(view, self.crew, case, by)
        return crew if isinstance(crew, Refused) else (OrderAccepted(case.id, crew.id, by.user, at),)


@dataclass(frozen=True, slots=True)
class OrderAccepted(Fact):
    """The unit accepted the order of its crew."""

    case: CaseId
    crew: CrewId
    by: str
    at: datetime
    hand: str | None = None

    def evolve(self, record: Case | Crew) -> Record:
        """The case becomes the crew's job, and the job that it had is paused."""
        if isinstance(record, Case):
            return changed(record)
        others = [one for one in record.assignments if one.case not in (self.case, record.job)]
        left = [replace(one, state=AssignmentState.PAUSED) for one in record.assignments if one.case == record.job]
        own = [at_work(one) for one in record.assignments if one.case == self.case]
        taken = replace(record, rev=record.rev + 1, assignments=(*others, *left, *own))
        return in_status(taken, CrewStatus.EN_ROUTE, self.at)


@dataclass(frozen=True, slots=True)
class RefuseOrder(CaseStep):
    """拒单: the unit refuses the order, with the reason."""

    case: Annotated[str, Names("case", frozenset({"stage"}))]
    crew: Annotated[str, Chosen("crew", required=True, many=True), _SENT]
    reason: Annotated[str, Text(required=True)]

    entry = Entry(key="K", verb="jj", main=False, confirmed=False)
    rule = AcceptOrder.rule

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The crew must be one of the unit's, with an order to this case."""
        crew = _ordered(view, self.crew, case, by)
        return crew if isinstance(crew, Refused) else (OrderRefused(case.id, crew.id, by.user, at, clean(self.reason)),)


@dataclass(frozen=True, slots=True)
class OrderRefused(Fact):
    """The unit refused the order of its crew."""

    case: CaseId
    crew: CrewId
    by: str
    at: datetime
    reason: Annotated[str, Text(required=True)]
    hand: str | None = None

    is_refusal = True

    def evolve(self, record: Case | Crew) -> Record:
        """The case has the crew no more, which it says; a crew without a job is available again."""
        left = without(record, self.case, self.crew, self.at)
        return replace(left, order_refusal=OrderRefusal(self.crew, self.at)) if isinstance(left, Case) else left


@dataclass(frozen=True, slots=True)
class ReleaseCrew(CaseStep):
    """收队: takes a crew off the case; a job that it left for this one goes on."""

    case: Annotated[str, Names("case", frozenset())]
    crew: Annotated[str, Chosen("crew", required=True, many=True), _SENT]
    note: Annotated[str, Text(required=False)] = ""

    entry = Entry(key="G", verb="sd", main=False, confirmed=False)
    rule = Rule(
        roles=_SENDERS,
        stages=frozenset(Stage),
        where=(refuse_unless_sent,),
        four_eyes=False,
        offline=Offline.KEPT,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The crew must have been sent to the case; a unit releases its own crews alone."""
        crew = own_crew(view, self.crew, by)
        if isinstance(crew, Refused):
            return crew
        if all(sent.crew != crew.id for sent in case.crews):
            return Refused("crew_not_sent", crew.id)
        return (CrewReleased(case.id, crew.id, by.user, at, clean(self.note)),)


def _ordered(view: View, key: str, case: Case, by: Person) -> Crew | Refused:
    crew = own_crew(view, key, by)
    return Refused("no_order", key) if isinstance(crew, Crew) and case.id not in (crew.order, *crew.booked) else crew


COMMANDS = (SendCrew, AcceptOrder, RefuseOrder, ReleaseCrew)
FACTS = (CrewSent, OrderAccepted, OrderRefused, CrewReleased)
