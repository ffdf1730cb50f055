"""What the platform proposes for the chosen case: asked when the case or its revision is another, kept for it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.cases import Case
from commandcenter.domain.lead_advice import LeadAdvice
from commandcenter.sync.queries import LeadAdviceQuery
from commandcenter.sync.unavailable import Unavailable
from ui.kit.seat.tasks import spawn

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

NO_ADVICE = LeadAdvice(case="", rev=0)


class Advising(QObject):
    """Keeps the advice on one case; `came` follows when the platform has answered."""

    came = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._asked = ("", 0)
        self._told = NO_ADVICE

    def on(self, case: Case) -> LeadAdvice:
        """Returns the advice on `case` as far as it is known, and asks for it if it was not; NO_ADVICE for none."""
        if self._asked != (case.id, case.rev):
            self._asked = (case.id, case.rev)
            spawn(self._fetch(case.id, case.rev), name=f"advice on {case.id}", shown_by=self)
        return self._told if self._told.case == case.id else NO_ADVICE

    async def _fetch(self, key: str, rev: int) -> None:
        try:
            told = await self._desk.ask(LeadAdviceQuery(key))
        except Unavailable:
            return  # what the board itself tells stands there; another revision is asked for again
        if self._asked == (key, rev):
            self._told = told
            self.came.emit()
