"""Puts generated crews to work: the cases at which they are tell that they were sent, and that their unit accepted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import reduce
from typing import Any

from commandcenter.domain.cases import Case
from commandcenter.domain.commands.orders import OrderAccepted
from commandcenter.domain.commands.sending import CrewSent
from commandcenter.domain.decisions import evolve
from commandcenter.domain.facts import Accepted, Fact
from commandcenter.domain.teams import AssignmentState, Crew, CrewStatus
from commandcenter.simulation.day import to_millisecond

_ANSWERED_IN = timedelta(seconds=50)


def open_cases(lives: Iterable[Sequence[Fact]]) -> list[Case]:
    """Returns the cases that are open after the facts of their lives."""
    after: Iterator[Any] = (reduce(evolve, life, None) for life in lives)
    return [case for case in after if case.is_open]


def put_to_work(crews: Iterable[Crew], lives: Iterable[list[Fact]]) -> list[Crew]:
    """Appends to `lives` how each crew with a job came to it; returns the crews as these facts leave them.

    A crew that was dispatched just now waits for its unit's answer: the case is its order, not yet its job.
    """
    by_case = {_case_of(life): life for life in lives}
    return [_put(crew, by_case) for crew in crews]


def _case_of(life: Sequence[Fact]) -> str:
    """Returns the id of the case that the facts are about."""
    first: Any = life[0]
    return str(first.case)


def _put(crew: Crew, lives: Mapping[str, list[Fact]]) -> Crew:
    if not crew.assignments:
        return crew
    (assigned,) = crew.assignments
    life = lives[assigned.case]
    by = next(fact.by for fact in reversed(life) if isinstance(fact, Accepted))
    free, since = life[-1].at, max(crew.status_since, life[-1].at)
    is_ordered = crew.status is CrewStatus.DISPATCHED
    ordered = to_millisecond(since if is_ordered else free + (since - free) / 2)
    sent = CrewSent(assigned.case, crew.id, by, ordered, crew.unit, assigned.holder, assigned.street)
    if is_ordered:
        life.append(sent)
        waits = replace(assigned, state=AssignmentState.ORDERED)
        return replace(crew, status_since=ordered, assignments=(waits,))
    accepted = max(ordered, to_millisecond(min(ordered + _ANSWERED_IN, since)))
    life += (sent, OrderAccepted(assigned.case, crew.id, by, accepted))
    return replace(crew, status_since=since)
