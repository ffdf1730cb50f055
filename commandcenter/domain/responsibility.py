"""Who carried the time of a case: spans of time in which a body held it, led it, or had a sub-task, from its facts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from commandcenter.domain.calendar import Calendar
from commandcenter.domain.cases import ENDED, WITH_HOLDER, Case, Stage, Tier
from commandcenter.domain.decisions import Fact, evolve_known
from commandcenter.domain.people import Role


class Share(StrEnum):
    """What a body had of a case."""

    HALL = "hall"  # a seat of the hall, by its role: it waits there
    LEAD = "lead"  # it is responsible
    TASK = "task"  # it helps


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which `body` (a holder's id, or a role of the hall) had its `share` of a case; `until` None: still."""

    body: str
    share: Share
    since: datetime
    until: datetime | None = None

    @property
    def who(self) -> tuple[str, Share]:
        """The body with its share."""
        return self.body, self.share

    def worked(self, calendar: Calendar, now: datetime) -> float:
        """Returns the working seconds of the span, of an open one until `now`."""
        return calendar.between(self.since.timestamp(), (self.until or now).timestamp())


@dataclass(frozen=True, slots=True)
class Carried:
    """The working seconds that `body` (a holder's id, or a role of the hall) carried cases: `led`, and as it `helped`.

    `cases` is the number of those that it led.
    """

    body: str
    led: float
    helped: float
    cases: int


@dataclass(frozen=True, slots=True)
class CarriedTime:
    """Who carried cases in a period, who carried most first."""

    bodies: tuple[Carried, ...] = ()


_AT_STAGE = {Stage.RECEIVED: Role.SHIFT_LEADER, Stage.FILED: Role.DISPATCHER, Stage.REPORTED: Role.INTAKE_CLERK}


def spans(facts: Iterable[Fact]) -> tuple[Span, ...]:
    """Returns the spans of a case after its facts, which are in order from its beginning on, by when they begin.

    Somebody carries the time of an open case at every moment; those with sub-tasks do so beside them.
    """
    case: Any = None
    begun: dict[tuple[str, Share], datetime] = {}
    found: list[Span] = []
    for fact in facts:
        case = evolve_known(case, fact)
        there = set(_carriers(case)) if isinstance(case, Case) else set()
        found += [Span(*who, begun.pop(who), fact.at) for who in list(begun) if who not in there]
        begun |= {who: fact.at for who in there if who not in begun}
    found += [Span(*who, since) for who, since in begun.items()]
    lasting = (span for span in found if span.until is None or span.until > span.since)
    return tuple(sorted(lasting, key=lambda span: (span.since, span.share, span.body)))


def totals(found: Iterable[Span], calendar: Calendar, now: datetime) -> Mapping[tuple[str, Share], float]:
    """Returns the working seconds of each body with its share, over all its spans."""
    sums: defaultdict[tuple[str, Share], float] = defaultdict(float)
    for span in found:
        sums[span.who] += span.worked(calendar, now)
    return sums


def carrier(case: Case) -> tuple[str, Share] | None:
    """Returns which body carries the time of the case as it is, and as what; None when the case has ended."""
    if case.stage in ENDED:
        return None
    if case.stage in WITH_HOLDER and case.responsible is not None:
        return case.responsible, Share.LEAD
    if case.stage is Stage.FILED and case.tier is Tier.DISTRICT:
        return Role.COORDINATOR, Share.HALL
    return _AT_STAGE.get(case.stage, Role.DISPATCHER), Share.HALL


def helpers(case: Case) -> tuple[str, ...]:
    """Returns the bodies whose sub-task of the case as it is is not done."""
    return () if case.stage in ENDED else tuple(task.holder for task in case.open_tasks)


def _carriers(case: Case) -> Iterator[tuple[str, Share]]:
    carries = carrier(case)
    if carries is not None:
        yield carries
    yield from ((holder, Share.TASK) for holder in helpers(case))
