"""收队: a crew is taken off a case; every step that ends the work on a case releases the crews that were sent to it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from commandcenter.domain.cases import Case
from commandcenter.domain.commands.case_changes import changed
from commandcenter.domain.decisions import Fact, View
from commandcenter.domain.fields import CaseId, Names, Text
from commandcenter.domain.people import Person
from commandcenter.domain.records import Record
from commandcenter.domain.teams import Assignment, AssignmentState, Crew, CrewStatus

CrewId = Annotated[str, Names("crew", frozenset())]  # of the crew that a fact is about


@dataclass(frozen=True, slots=True)
class CrewReleased(Fact):
    """A crew was taken off a case: its work is done, or it was called back."""

    case: CaseId
    crew: CrewId
    by: str
    at: datetime
    note: Annotated[str, Text(required=False)] = ""
    hand: str | None = None

    def evolve(self, record: Case | Crew) -> Record:
        """The case has the crew no more; the crew returns, or goes back to the job that it left last."""
        return without(record, self.case, self.crew, self.at)


def releases(view: View, case: Case, by: Person, at: datetime) -> tuple[CrewReleased, ...]:
    """Returns the facts that take all crews off a case whose work has ended, as far as `by` sees them."""
    seen = (sent.crew for sent in case.crews if isinstance(view.find("crew", sent.crew), Crew))
    return tuple(CrewReleased(case.id, key, by.user, at) for key in seen)


def without(record: Case | Crew, case: str, crew: str, at: datetime) -> Record:
    """Returns the case without the crew, or the crew without the case: free, or at the job that it left last."""
    if isinstance(record, Case):
        return changed(record, crews=tuple(sent for sent in record.crews if sent.crew != crew))
    others = tuple(one for one in record.assignments if one.case != case)
    left = replace(record, rev=record.rev + 1, assignments=others)
    if record.job == case:
        return _back_at_work(left, at)
    return in_status(left, CrewStatus.AVAILABLE, at) if record.order == case and left.job is None else left


def at_work(assigned: Assignment) -> Assignment:
    """Returns the assignment as the crew's job."""
    return replace(assigned, state=AssignmentState.CURRENT, booked_for=None)


def _back_at_work(crew: Crew, at: datetime) -> Crew:
    """Returns the crew whose job ended at the one that it left last, or on its way back when there is none."""
    if not crew.paused:
        return in_status(crew, CrewStatus.RETURNING, at)
    last = crew.paused[-1]
    back = tuple(at_work(one) if one.case == last else one for one in crew.assignments)
    return in_status(replace(crew, assignments=back), CrewStatus.EN_ROUTE, at)


def in_status(crew: Crew, status: CrewStatus, at: datetime) -> Crew:
    """Returns the crew in `status`, since `at` unless it is in it already."""
    return crew if crew.status is status else replace(crew, status=status, status_since=at)
