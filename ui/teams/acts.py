"""Carries out offers at the desk, one command after the other, and asks for the reasons that they need."""

from __future__ import annotations

from dataclasses import dataclass, replace

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands.orders import SendCrew
from ui.kit import dialogs, records
from ui.kit.case_parts.seat import Ask, Give
from ui.kit.forms.typing import too_long
from ui.kit.seat.context import SeatContext
from ui.kit.texts import names
from ui.kit.texts.words import Words, phrase, term
from ui.teams.offers import Offer


@dataclass(frozen=True, slots=True)
class Acts:
    """Does what was offered at `seat`: `give` gives commands of a case, `ask` a step after asking for what it needs."""

    seat: SeatContext
    give: Give
    ask: Ask

    async def carry_out(self, offer: Offer) -> None:
        """Does what was offered; what can no longer be done says why."""
        if not offer.may:
            self.seat.tell(offer.why, "warn")
            return
        case = self._case(offer)
        if case is not None and offer.recalls:
            await self.ask(self.seat, case, "recall")
            case = self._case(offer)
            if case is None or case.stage is not Stage.FILED:
                return  # the person thought better of it, or it was refused
        kept = dialogs.KeptInput(self.seat.desk.drafts, f"send_crew/{offer.case}")
        reason = (
            await self._reason(case, offer.asks_reason, kept) if case is not None and str(offer.asks_reason) else ""
        )
        if case is None or reason is None:
            return
        given = (replace(one, reason=reason) if isinstance(one, SendCrew) and reason else one for one in offer.commands)
        if await self.give(self.seat, case, *given):
            kept.forget()

    def _case(self, offer: Offer) -> Case | None:
        return records.find(self.seat.desk.board, Case, offer.case)

    async def _reason(self, case: Case, asked: Words, kept: dialogs.KeptInput) -> str | None:
        """Asks why a crew is to do it, if that is to be `asked`; None when the person gives up."""
        if not str(asked):
            return ""
        what = term("command", "send_crew")
        return await dialogs.ask_text(
            self.seat.window,
            title=phrase("{what} {number}", what=what, number=names.heading(self.seat.desk.board, case)),
            label=asked,
            many_lines=True,
            check=too_long,
            yes=what,
            kept=kept,
        )
