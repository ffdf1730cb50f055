"""Turns finished cases into a shift in progress: cut off at the present, with work waiting at every stage."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import numpy as np

from commandcenter.domain import facts as fact
from commandcenter.domain.commands.leading import LeadRefused, LeadSet
from commandcenter.domain.commands.task_changes import TaskAccepted, TaskAsked
from commandcenter.domain.commands.tiers import Escalated
from commandcenter.domain.facts import Fact
from commandcenter.simulation.day import to_millisecond
from commandcenter.simulation.reference import Table

_DESKS = (12, 26, 44)  # latest cases that wait to be filed, dispatched, accepted
_REPORTS = 36  # reported cases that wait to be closed
_COORDINATED: tuple[tuple[type[Fact], int], ...] = (  # the last fact of cases of the district, and of how many
    (Escalated, 5),
    (LeadSet, 5),
    (LeadRefused, 3),
    (TaskAsked, 6),
    (TaskAccepted, 9),
)
_GIVEN = (fact.Dispatched, LeadSet)  # to whom the case is given
_APPLICATIONS = 7  # holders that wait for an answer to their application


def cut_at_now(
    lives: Sequence[list[Fact]], now: datetime, phrases: Table, chance: np.random.Generator
) -> list[list[Fact]]:
    """Returns `lives` (in order of arrival) as they stand at `now`: no later facts, and work waiting at every stage."""
    begun = [[one for one in life if one.at <= now] for life in lives]
    _wait_for_the_hall(begun)
    _wait_for_coordination(begun, now)
    _wait_for_closing(begun)
    _wait_for_an_answer(begun, now, phrases, chance)
    return begun


def _wait_for_the_hall(begun: list[list[Fact]]) -> None:
    """Cuts the latest open cases short: the last ones wait to be filed, those before to be dispatched, accepted."""
    latest = (life for life in reversed(begun) if not isinstance(life[-1], fact.Closed))
    for stage, many in enumerate(_DESKS, 1):
        for _, life in zip(range(many), latest, strict=False):
            del life[stage:]


def _wait_for_coordination(begun: list[list[Fact]], now: datetime) -> None:
    """Cuts those cases of the district short that are not due yet, the latest first: some wait at each step."""
    led = [life for life in reversed(begun) if any(isinstance(one, LeadSet) for one in life) and _due(life) > now]
    for (last, many), group in zip(_COORDINATED, _in_groups(led), strict=False):
        for life in [life for life in group if any(isinstance(one, last) for one in life)][:many]:
            at = next(at for at, one in enumerate(life) if isinstance(one, last))
            del life[at + 1 + (last is Escalated) :]


def _due(life: list[Fact]) -> datetime:
    return next(one.due for one in life if isinstance(one, fact.Filed))


def _in_groups(lives: list[list[Fact]]) -> Iterator[list[list[Fact]]]:
    """Yields as many groups as there are steps to wait at, each with its share of `lives`."""
    many = len(_COORDINATED)
    yield from (lives[at::many] for at in range(many))


def _wait_for_closing(begun: list[list[Fact]]) -> None:
    closed = sorted((life for life in begun if isinstance(life[-1], fact.Closed)), key=lambda life: life[-1].at)
    for life in closed[-_REPORTS:]:
        del life[-1]


def _wait_for_an_answer(begun: list[list[Fact]], now: datetime, phrases: Table, chance: np.random.Generator) -> None:
    """Lets some holders apply to return their case."""
    held = [life for life in begun if isinstance(life[-1], (fact.Accepted, *_GIVEN))]
    reasons = phrases["returns"]
    for at in chance.permutation(len(held))[:_APPLICATIONS].tolist():
        life, sent = held[at], next(one for one in reversed(held[at]) if isinstance(one, _GIVEN))
        by = life[-1].by if isinstance(life[-1], fact.Accepted) else sent.to
        waited = (now - life[-1].at) * float(chance.uniform(0.2, 0.9))
        asked = to_millisecond(life[-1].at + min(waited, timedelta(hours=6)))
        life.append(fact.ReturnApplied(sent.case, by, asked, reasons[int(chance.integers(len(reasons)))]))
