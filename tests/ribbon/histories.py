"""Random histories of a case: people of a small hall do at random moments what the rules allow."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from commandcenter.domain import commands as wish
from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands import NAMES, Command
from commandcenter.domain.decisions import Fact
from commandcenter.domain.fields import Chosen, Moment, OneOf, Text, marked
from commandcenter.domain.people import Person
from tests.kit.deciding import Deciding
from tests.kit.district import CALENDAR, DISTRICT, NOON, reference, seats

STEPS = 30  # at most
_HOLDERS = ("east-urban", "east-police", "west-urban", "housing", "east-team")
_NEVER = frozenset({"take", "import", "locate_crew", "send_crew"})
_SELDOM = {"close": 0.5, "recall": 0.4, "send_down": 0.4, "escalate": 1.5, "add_co_handler": 3.0, "accept_task": 2.0}


def histories(count: int, *, seed: int) -> Iterator[tuple[Fact, ...]]:
    """Yields the facts of `count` cases, each from its beginning on, in order of time."""
    chance = random.Random(seed)
    for number in range(count):
        yield _history(f"c{number}", chance)


def _history(key: str, chance: random.Random) -> tuple[Fact, ...]:
    hall, people = Deciding((DISTRICT, CALENDAR, *reference())), [seat.person for seat in seats().values()]
    at = NOON + timedelta(milliseconds=chance.randrange(14 * 86_400_000))
    clerk = next(person for person in people if person.user == "clerk")
    assert hall.does(wish.Take(key, "hotline", "water", "积水", "路口", "east", grid="east-1"), clerk, at=at) is None
    for _ in range(chance.randint(2, STEPS)):
        at += timedelta(seconds=round(chance.expovariate(1 / chance.choice((60, 3600, 40_000))), 3))
        _step(hall, hall.find("case", key), people, at, chance)
    return tuple(fact for fact in hall.happened if getattr(fact, "case", None) == key and not hasattr(fact, "lead"))


def _step(hall: Deciding, case: Case, people: list[Person], at: datetime, chance: random.Random) -> None:
    """Somebody does something that is possible, if anything is."""
    possible = [(person, name) for person in people for name in wish.next_commands(person, case) if name not in _NEVER]
    if case.stage is Stage.CLOSED and chance.random() < 0.7:
        return
    while possible:
        weights = [_SELDOM.get(name, 1.0) for _, name in possible]
        person, name = chance.choices(possible, weights)[0]
        if hall.does(_made(name, case, at, chance), person, at=at) is None:
            return
        possible.remove((person, name))


def _made(name: str, case: Case, at: datetime, chance: random.Random) -> Command:
    step: Any = NAMES[name]
    values: dict[str, Any] = {field: "说明" for field, one in marked(step, Text) if one.required}
    values |= {field: chance.choice(_HOLDERS) for field, one in marked(step, Chosen) if one.kind == "holder"}
    values |= {field: at + timedelta(hours=3) for field, one in marked(step, Moment) if one.required}
    values |= {field: chance.choice(list(one.members)) for field, one in marked(step, OneOf)}
    made: Command = step(case=case.id, **values)
    return made
