"""Carries out offers at the desk, and asks for the reason that a change of the lead needs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import name_of
from commandcenter.domain.commands.leading import ChangeLead
from ui.kit import dialogs, records
from ui.kit.case_parts.seat import Ask, Give
from ui.kit.forms.typing import too_long
from ui.kit.seat.context import SeatContext
from ui.kit.texts import names
from ui.kit.texts.words import phrase, term
from ui.leads.offers import Offer


@dataclass(frozen=True, slots=True)
class Acts:
    """Does what was offered at `seat`: `give` gives commands of a case, `ask` a step after asking for what it needs."""

    seat: SeatContext
    give: Give
    ask: Ask

    async def carry_out(self, offer: Offer) -> None:
        """Does what was offered; what cannot be done says why."""
        case = records.find(self.seat.desk.board, Case, offer.case)
        if not offer.may:
            self.seat.tell(offer.why, "warn")
        elif case is not None and not offer.asks_reason:
            await self.give(self.seat, case, offer.command)
        elif case is not None and isinstance(offer.command, ChangeLead):
            kept = dialogs.KeptInput(self.seat.desk.drafts, f"{name_of(offer.command)}/{case.id}")
            reason = await self._reason(case, offer, kept)
            if reason is not None and await self.give(self.seat, case, replace(offer.command, reason=reason)):
                kept.forget()

    async def step(self, name: str) -> None:
        """Gives a step to the chosen case, after asking for what it needs."""
        case = records.find(self.seat.desk.board, Case, self.seat.focus.case)
        if case is not None:
            await self.ask(self.seat, case, name)

    async def _reason(self, case: Case, offer: Offer, kept: dialogs.KeptInput) -> str | None:
        """Asks for the reason; None when the person gives up."""
        return await dialogs.ask_text(
            self.seat.window,
            title=phrase("{what} {number}", what=offer.words, number=names.heading(self.seat.desk.board, case)),
            label=term("ask", name_of(offer.command)),
            many_lines=True,
            check=too_long,
            yes=offer.what,
            kept=kept,
        )
