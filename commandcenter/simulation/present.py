"""The hall in the middle of a shift: what has happened until now, what waits on somebody's desk."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from commandcenter.domain import facts as fact
from commandcenter.domain.facts import Fact
from commandcenter.simulation.reference import Table

# How many of the latest cases wait to be filed, to be dispatched, to be accepted; how many reports wait to be closed;
# how many holders wait for an answer to their application.
_DESKS = (12, 26, 44)
_REPORTS = 36
_APPLICATIONS = 7


def at_work(
    lives: Sequence[list[Fact]], now: datetime, phrases: Table, chance: np.random.Generator
) -> list[list[Fact]]:
    """The same `lives` (in order of arrival) as they stand at `now`: nothing later, and work waiting on every desk."""
    begun = [[one for one in life if one.at <= now] for life in lives]
    _wait_for_the_hall(begun)
    _wait_for_closing(begun)
    _wait_for_an_answer(begun, now, phrases, chance)
    return begun


def _wait_for_the_hall(begun: list[list[Fact]]) -> None:
    """The latest cases have not gone far: the last to arrive are not filed yet, those before them not dispatched…"""
    latest = (life for life in reversed(begun) if not isinstance(life[-1], fact.Closed))
    for stage, many in enumerate(_DESKS, 1):
        for _, life in zip(range(many), latest, strict=False):
            del life[stage:]


def _wait_for_closing(begun: list[list[Fact]]) -> None:
    closed = [life for life in begun if isinstance(life[-1], fact.Closed)]
    closed.sort(key=lambda life: life[-1].at)
    for life in closed[-_REPORTS:]:
        del life[-1]


def _wait_for_an_answer(begun: list[list[Fact]], now: datetime, phrases: Table, chance: np.random.Generator) -> None:
    """Some who hold a case have asked to give it back."""
    held = [life for life in begun if isinstance(life[-1], (fact.Accepted, fact.Dispatched))]
    reasons = phrases["returns"]
    for at in chance.permutation(len(held))[:_APPLICATIONS].tolist():
        life, sent = held[at], next(one for one in reversed(held[at]) if isinstance(one, fact.Dispatched))
        by = life[-1].by if isinstance(life[-1], fact.Accepted) else sent.to
        waited = (now - life[-1].at) * float(chance.uniform(0.2, 0.9))
        asked = _whole(life[-1].at + min(waited, timedelta(hours=6)))
        life.append(fact.ReturnApplied(sent.case, by, asked, reasons[int(chance.integers(len(reasons)))]))


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
