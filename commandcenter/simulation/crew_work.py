"""Puts generated crews to work: the cases at which they are tell that they were sent, and that their unit accepted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

from commandcenter.domain.cases import Case
from commandcenter.domain.commands.orders import CrewSent, OrderAccepted
from commandcenter.domain.decisions import evolve
from commandcenter.domain.facts import Accepted, Fact
from commandcenter.domain.teams import Crew, CrewStatus
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
    if crew.job is None:
        return crew
    life, job = lives[crew.job], crew.job
    by = next(fact.by for fact in reversed(life) if isinstance(fact, Accepted))
    since = max(crew.status_since, life[-1].at)
    if crew.status is CrewStatus.DISPATCHED:
        life.append(CrewSent(job, crew.id, by, to_millisecond(since)))
        return replace(crew, status_since=to_millisecond(since), job=None, order=job)
    life += _story(job, crew.id, by, life[-1].at, since)
    return replace(crew, status_since=since)


def _story(case: str, crew: str, by: str, free: datetime, since: datetime) -> tuple[Fact, Fact]:
    """The crew was sent halfway between `free` and `since`, and its unit answered before `since`."""
    sent = to_millisecond(free + (since - free) / 2)
    accepted = to_millisecond(min(sent + _ANSWERED_IN, since))
    return CrewSent(case, crew, by, sent), OrderAccepted(case, crew, by, max(sent, accepted))
