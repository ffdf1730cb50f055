"""派队, 接单, 拒单 and 收队: a crew is sent to a case, its unit accepts or refuses the order, and it is released."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from commandcenter.domain.cases import WITH_HOLDER, Case, Stage
from commandcenter.domain.commands.case_changes import changed
from commandcenter.domain.commands.case_steps import CaseStep
from commandcenter.domain.commands.releasing import CrewId, CrewReleased, in_status, without
from commandcenter.domain.decisions import Decision, Entry, Fact, Refused, View
from commandcenter.domain.fields import CaseId, Chosen, Names, Text
from commandcenter.domain.naming import named
from commandcenter.domain.people import Person, Role
from commandcenter.domain.records import Record
from commandcenter.domain.rules import Offline, Rule, refuse_unless_held, refuse_unless_sent
from commandcenter.domain.teams import Crew, CrewStatus
from commandcenter.domain.text import clean

_SENT = Names("crew", frozenset({"order", "job", "paused"}))
_SENDERS = frozenset({Role.DISPATCHER, Role.STREET_DISPATCHER, Role.UNIT})


@dataclass(frozen=True, slots=True)
class SendCrew(CaseStep):
    """派队: orders a crew to the case; one that has a job only with the reason why it is to leave that."""

    case: Annotated[str, Names("case", frozenset({"stage", "responsible"}))]
    crew: Annotated[str, Chosen("crew", required=True), _SENT]
    reason: Annotated[str, Text(required=False)] = ""

    entry = Entry(key="D", verb="du", main=False, confirmed=False)
    rule = Rule(
        roles=_SENDERS,
        stages=WITH_HOLDER,
        where=(refuse_unless_held,),
        four_eyes=False,
        offline=Offline.ASKED,
    )

    def step(self, view: View, case: Case, by: Person, at: datetime) -> Decision:
        """The crew must be one of the case's holder, on duty and without an open order."""
        crew = _crew(view, self.crew, by)
        if isinstance(crew, Refused):
            return crew
        refusal = _unfit(crew, case, clean(self.reason))
        return refusal or (CrewSent(case.id, crew.id, by.user, at, reason=clean(self.reason)),)


@dataclass(frozen=True, slots=True)
class CrewSent(Fact):
    """A crew was ordered to a case; `reason`: why it is to leave the job that it has."""

    case: CaseId
    crew: CrewId
    by: str
    at: datetime
    reason: Annotated[str, Text(required=False)] = ""
    hand: str | None = None

    def evolve(self, record: Case | Crew) -> Record:
        """The case has the crew; a free crew is dispatched, one at work goes on until its unit accepts the order."""
        if isinstance(record, Case):
            return changed(record, crews=(*record.crews, self.crew))
        ordered = replace(record, rev=record.rev + 1, order=self.case)
        return ordered if record.job else in_status(ordered, CrewStatus.DISPATCHED, self.at)


@dataclass(frozen=True, slots=True)
class AcceptOrder(CaseStep):
    """接单: the unit accepts the order, and its crew sets off."""

    case: Annotated[str, Names("case", frozenset({"stage"}))]
    crew: Annotated[str, Chosen("crew", required=True), _SENT]

    entry = Entry(key="O", verb="jd", main=False, confirmed=False)
    rule = Rule(
        roles=frozenset({Role.UNIT}),
        stages=WITH_HOLDER,
        where=(refuse_unless_held, refuse_unless_sent),
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
        paused = record.paused if record.job is None else (*record.paused, record.job)
        taken = replace(record, rev=record.rev + 1, job=self.case, order=None, paused=paused)
        return in_status(taken, CrewStatus.EN_ROUTE, self.at)


@dataclass(frozen=True, slots=True)
class RefuseOrder(CaseStep):
    """拒单: the unit refuses the order, with the reason."""

    case: Annotated[str, Names("case", frozenset({"stage"}))]
    crew: Annotated[str, Chosen("crew", required=True), _SENT]
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

    def evolve(self, record: Case | Crew) -> Record:
        """The case has the crew no more; a crew without a job is available again."""
        return without(record, self.case, self.crew, self.at)


@dataclass(frozen=True, slots=True)
class ReleaseCrew(CaseStep):
    """收队: takes a crew off the case; a job that it left for this one goes on."""

    case: Annotated[str, Names("case", frozenset())]
    crew: Annotated[str, Chosen("crew", required=True), _SENT]
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
        crew = _crew(view, self.crew, by)
        if isinstance(crew, Refused):
            return crew
        if crew.id not in case.crews:
            return Refused("crew_not_sent", crew.id)
        return (CrewReleased(case.id, crew.id, by.user, at, clean(self.note)),)


def _crew(view: View, key: str, by: Person) -> Crew | Refused:
    crew = named(view, Crew, key)
    if isinstance(crew, Crew) and by.role is Role.UNIT and crew.unit != by.scope.unit:
        return Refused("unknown_crew", key)
    return crew


def _ordered(view: View, key: str, case: Case, by: Person) -> Crew | Refused:
    crew = _crew(view, key, by)
    return Refused("no_order", key) if isinstance(crew, Crew) and crew.order != case.id else crew


def _unfit(crew: Crew, case: Case, reason: str) -> Refused | None:
    """Returns why the crew cannot be sent to the case, None when it can."""
    if crew.unit != case.responsible:
        return Refused("other_unit", crew.id)
    if crew.id in case.crews:
        return Refused("crew_sent", crew.id)
    if crew.order is not None:
        return Refused("crew_ordered", crew.order)
    if crew.status is CrewStatus.OFF_DUTY:
        return Refused("crew_off_duty", crew.id)
    return Refused("crew_busy", crew.job) if crew.job is not None and not reason else None


COMMANDS = (SendCrew, AcceptOrder, RefuseOrder, ReleaseCrew)
FACTS = (CrewSent, OrderAccepted, OrderRefused, CrewReleased)
