"""Turns finished cases into a shift in progress: cut off at the present, with work waiting at every stage."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from commandcenter.domain import facts as fact
from commandcenter.domain.facts import Fact
from commandcenter.simulation.day import to_millisecond
from commandcenter.simulation.reference import Table

_DESKS = (12, 26, 44)  # latest cases that wait to be filed, dispatched, accepted
_REPORTS = 36  # reported cases that wait to be closed
_APPLICATIONS = 7  # holders that wait for an answer to their application


def cut_at_now(
    lives: Sequence[list[Fact]], now: datetime, phrases: Table, chance: np.random.Generator
) -> list[list[Fact]]:
    """Returns `lives` (in order of arrival) as they stand at `now`: no later facts, and work waiting at every stage."""
    begun = [[one for one in life if one.at <= now] for life in lives]
    _wait_for_the_hall(begun)
    _wait_for_closing(begun)
    _wait_for_an_answer(begun, now, phrases, chance)
    return begun


def _wait_for_the_hall(begun: list[list[Fact]]) -> None:
    """Cuts the latest open cases short: the last ones wait to be filed, those before to be dispatched, accepted."""
    latest = (life for life in reversed(begun) if not isinstance(life[-1], fact.Closed))
    for stage, many in enumerate(_DESKS, 1):
        for _, life in zip(range(many), latest, strict=False):
            del life[stage:]


def _wait_for_closing(begun: list[list[Fact]]) -> None:
    closed = sorted((life for life in begun if isinstance(life[-1], fact.Closed)), key=lambda life: life[-1].at)
    for life in closed[-_REPORTS:]:
        del life[-1]


def _wait_for_an_answer(begun: list[list[Fact]], now: datetime, phrases: Table, chance: np.random.Generator) -> None:
    """Lets some holders apply to return their case."""
    held = [life for life in begun if isinstance(life[-1], (fact.Accepted, fact.Dispatched))]
    reasons = phrases["returns"]
    for at in chance.permutation(len(held))[:_APPLICATIONS].tolist():
        life, sent = held[at], next(one for one in reversed(held[at]) if isinstance(one, fact.Dispatched))
        by = life[-1].by if isinstance(life[-1], fact.Accepted) else sent.to
        waited = (now - life[-1].at) * float(chance.uniform(0.2, 0.9))
        asked = to_millisecond(life[-1].at + min(waited, timedelta(hours=6)))
        life.append(fact.ReturnApplied(sent.case, by, asked, reasons[int(chance.integers(len(reasons)))]))
