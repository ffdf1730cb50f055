"""The seat as a room with live cases sees it, and how such a room has commands given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command
from ui.kit.case_parts.clock import SecondClock
from ui.kit.seat.context import SeatContext
from ui.kit.seat.follow import Follow


class LiveSeat(SeatContext, Protocol):
    """A seat with its clock and with what follows its board."""

    @property
    def follow(self) -> Follow: ...

    @property
    def clock(self) -> SecondClock: ...


class Give(Protocol):
    """Gives commands of a case at a seat up to the first that is refused, and says what came of them.

    Returns False when one was refused.
    """

    def __call__(self, seat: SeatContext, case: Case, /, *commands: Command) -> Awaitable[bool]: ...


Ask = Callable[[SeatContext, Case, str], Awaitable[None]]  # gives a step by name, after asking for what it needs
