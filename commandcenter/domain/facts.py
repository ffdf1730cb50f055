"""Lists the facts of a hall by name: what happened, in the past tense."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from commandcenter.domain.commands import SUBJECTS
from commandcenter.domain.commands.crews import CrewLocated
from commandcenter.domain.commands.dispatching import Accepted, Dispatched
from commandcenter.domain.commands.filing import Filed
from commandcenter.domain.commands.imports import Imported
from commandcenter.domain.commands.returns import ReturnApplied, ReturnApproved, ReturnDenied
from commandcenter.domain.commands.settling import Closed, Reported
from commandcenter.domain.commands.taking import Taken
from commandcenter.domain.decisions import Beginning, Fact
from commandcenter.domain.fields import records_of
from commandcenter.domain.text import snake_case

NAMES: dict[str, type[Fact]] = {snake_case(one.__name__): one for subject in SUBJECTS for one in subject.FACTS}


def name_of(fact: Fact) -> str:
    """Returns the fact's name, as messages and timelines use it: its class in snake case."""
    return snake_case(type(fact).__name__)


def on_behalf(facts: Iterable[Fact], hand: str) -> tuple[Fact, ...]:
    """Returns the facts as done by `hand` in the place of the person named in them."""
    return tuple(_with_hand(fact, hand) for fact in facts)


def _with_hand(fact: Any, hand: str) -> Fact:
    there: Fact = replace(fact, hand=hand)
    return there


__all__ = [
    "NAMES",
    "Accepted",
    "Beginning",
    "Closed",
    "CrewLocated",
    "Dispatched",
    "Fact",
    "Filed",
    "Imported",
    "Reported",
    "ReturnApplied",
    "ReturnApproved",
    "ReturnDenied",
    "Taken",
    "name_of",
    "on_behalf",
    "records_of",
]
