"""Whether and how a crew is sent to a case: the checks that every order to a crew passes, and the fact that follows."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, NamedTuple

from commandcenter.domain.cases import Case, SentCrew
from commandcenter.domain.commands.case_changes import changed
from commandcenter.domain.commands.releasing import CrewId, in_status
from commandcenter.domain.decisions import Fact, Refused, View
from commandcenter.domain.fields import CaseId, Text
from commandcenter.domain.naming import named
from commandcenter.domain.people import Person, Role
from commandcenter.domain.records import Record
from commandcenter.domain.rosters import Roster
from commandcenter.domain.teams import Assignment, AssignmentState, Crew, CrewStatus

GUARDED = frozenset({"assignments"})  # of a crew, by all orders to it


@dataclass(frozen=True, slots=True)
class CrewSent(Fact):
    """A crew of `unit` was ordered to a case of `holder` in `street`.

    `reason`: why it is to leave the job that it has, or to work beyond its shift. `booked_for`: when it is to be there;
    None for at once.
    """

    case: CaseId
    crew: CrewId
    by: str
    at: datetime
    unit: str
    holder: str
    street: str | None = None
    booked_for: datetime | None = None
    reason: Annotated[str, Text(required=False)] = ""
    hand: str | None = None

    def evolve(self, record: Case | Crew) -> Record:
        """The case has the crew; a free crew is dispatched, one at work goes on until its unit accepts the order."""
        if isinstance(record, Case):
            others = tuple(sent for sent in record.crews if sent.crew != self.crew)  # it may have been booked before
            return changed(record, crews=(*others, SentCrew(self.crew, self.unit)), order_refusal=None)
        state = AssignmentState.ORDERED if self.booked_for is None else AssignmentState.BOOKED
        assigned = Assignment(self.case, self.holder, self.street, state, self.booked_for, self.at)
        others_of_crew = tuple(one for one in record.assignments if one.case != self.case)
        ordered = replace(record, rev=record.rev + 1, assignments=(*others_of_crew, assigned))
        is_idle = record.job is None and self.booked_for is None
        return in_status(ordered, CrewStatus.DISPATCHED, self.at) if is_idle else ordered


class CrewOrder(NamedTuple):
    """A crew that is to be sent for a case's `holder`, with the fields of SendCrew."""

    crew: str
    holder: str
    reason: str = ""
    booked_for: datetime | None = None


def sent(view: View, case: Case, order: CrewOrder, by: Person, at: datetime) -> CrewSent | Refused:
    """Returns that the crew was sent to `case` as `order` says, or why it cannot be."""
    crew = own_crew(view, order.crew, by)
    if isinstance(crew, Refused):
        return crew
    is_now = order.booked_for is None
    refusal = _unfit(crew, case, at) or (_busy(crew, order) if is_now else _unbookable(crew, order, at))
    refusal = refusal or _off_shift(view, crew, order, at)
    more = (crew.unit, order.holder, case.street, order.booked_for, order.reason)
    return refusal or CrewSent(case.id, crew.id, by.user, at, *more)


def own_crew(view: View, key: str, by: Person) -> Crew | Refused:
    """Returns the crew `key`, or why there is none for `by`: a unit gives orders to its own crews alone."""
    crew = named(view, Crew, key)
    if isinstance(crew, Crew) and by.role is Role.UNIT and crew.unit != by.scope.unit:
        return Refused("unknown_crew", key)
    return crew


def _unfit(crew: Crew, case: Case, at: datetime) -> Refused | None:
    """Returns why the crew can be sent to the case neither now nor later, None when it can."""
    if case.street is not None and crew.street != case.street and not crew.is_lent_to(case.street, at):
        return Refused("crew_of_other_street", crew.id)
    is_there = any(sent.crew == crew.id for sent in case.crews)
    return Refused("crew_sent", crew.id) if is_there and case.id not in crew.booked else None


def _busy(crew: Crew, order: CrewOrder) -> Refused | None:
    """Returns why the crew cannot be sent now, None when it can."""
    if crew.order is not None:
        return Refused("crew_ordered", crew.order)
    if crew.status is CrewStatus.OFF_DUTY:
        return Refused("crew_off_duty", crew.id)
    return Refused("crew_busy", crew.job) if crew.job is not None and not order.reason else None


def _unbookable(crew: Crew, order: CrewOrder, at: datetime) -> Refused | None:
    """Returns why the crew cannot be booked for that moment, None when it can."""
    return Refused("time_past", "booked_for") if order.booked_for is not None and order.booked_for <= at else None


def _off_shift(view: View, crew: Crew, order: CrewOrder, at: datetime) -> Refused | None:
    """Refuses a crew that is off duty by its roster: now without a reason, for a booked moment in any case."""
    roster = view.find("roster", crew.id)
    if not isinstance(roster, Roster) or not roster.is_off(order.booked_for or at):
        return None
    if order.booked_for is not None:
        return Refused("crew_not_rostered", crew.id)
    return None if order.reason else Refused("crew_off_shift", crew.id)
