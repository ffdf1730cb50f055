"""Carries out offers at the desk, and asks for the reason that a change of the lead needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command, name_of
from commandcenter.domain.commands.leading import ChangeLead
from ui.kit import dialogs, records
from ui.kit.forms.typing import too_long
from ui.kit.seat.context import SeatContext
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import phrase, term
from ui.leads.offers import Offer

Ask = Callable[[Case, str], Awaitable[None]]


class Give(Protocol):
    """Gives commands of a case, one after the other, and says what came of them; False when one was refused."""

    def __call__(self, case: Case, *commands: Command) -> Awaitable[bool]: ...


@dataclass(frozen=True, slots=True)
class Acts:
    """`give` gives commands of a case and says what came of them; `ask` gives a step after asking for what it needs."""

    seat: SeatContext
    give: Give
    ask: Ask

    async def carry_out(self, offer: Offer) -> None:
        """Does what was offered; what cannot be done says why."""
        case = records.find(self.seat.desk.board, Case, offer.case)
        if not offer.may:
            self.seat.tell(offer.why, "warn")
        elif case is not None and not offer.asks_reason:
            await self.give(case, offer.command)
        elif case is not None and isinstance(offer.command, ChangeLead):
            reason = await self._reason(case, offer)
            if reason is not None:
                await self.give(case, replace(offer.command, reason=reason))

    async def step(self, name: str) -> None:
        """Gives a step to the chosen case, after asking for what it needs."""
        case = records.find(self.seat.desk.board, Case, self.seat.focus.case)
        if case is not None:
            await self.ask(case, name)

    async def _reason(self, case: Case, offer: Offer) -> str | None:
        """Asks for the reason; None when the person gives up."""
        return await dialogs.ask_text(
            self.seat.window,
            title=phrase("{what} {number}", what=offer.words, number=tail(case)),
            label=term("ask", name_of(offer.command)),
            many_lines=True,
            check=too_long,
            yes=offer.what,
        )
