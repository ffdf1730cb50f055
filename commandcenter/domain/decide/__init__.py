"""Decides commands: `decide(view, command, by, at) -> facts | Refused`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from commandcenter.domain import commands as wish
from commandcenter.domain.commands import Command
from commandcenter.domain.decide import cases, crews, imports
from commandcenter.domain.decide.view import Refused, View
from commandcenter.domain.facts import Fact
from commandcenter.domain.people import Person

Decision = tuple[Fact, ...] | Refused
_Decide = Callable[[View, Any, Person, datetime], Decision]

_DECIDERS: dict[type[Command], _Decide] = {
    wish.Take: cases.take,
    wish.File: cases.file,
    wish.Dispatch: cases.dispatch,
    wish.Accept: cases.accept,
    wish.Report: cases.report,
    wish.Close: cases.close,
    wish.ApplyReturn: cases.apply_return,
    wish.ApproveReturn: cases.approve_return,
    wish.DenyReturn: cases.deny_return,
    wish.Import: imports.take_over,
    wish.LocateCrew: crews.locate,
}


def decide(view: View, command: Command, by: Person, at: datetime, *, hand: Person | None = None) -> Decision:
    """Returns the facts that follow from `command` given by `by` at `at`, or the refusal.

    A pure function of what `view` shows, the same on console and platform. `hand` is the shift leader who gives the
    command in the place of `by`. A person who acted on a case in another's place may not close it (four-eyes
    principle).
    """
    decision = _DECIDERS[type(command)](view, command, by, at)
    if isinstance(command, wish.Close) and not isinstance(decision, Refused):
        return _own_adoption(view, command, hand or by) or decision
    return decision


def _own_adoption(view: View, command: wish.Close, hand: Person) -> Refused | None:
    return Refused("adopted_by_you", command.case) if hand.user in view.adopters(command.case) else None


__all__ = ["Decision", "Refused", "View", "decide"]
