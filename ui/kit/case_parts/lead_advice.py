"""What the platform proposes for the lead of a case, asked when the case is another, and its reasons in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.cases import Case
from commandcenter.domain.lead_advice import Argument, LeadAdvice, LeadReason
from commandcenter.domain.people import Holder, HolderKind
from commandcenter.sync.queries import LeadAdviceQuery
from commandcenter.sync.unavailable import Unavailable
from ui.kit import records
from ui.kit.seat.tasks import spawn
from ui.kit.texts import names
from ui.kit.texts.words import FilledTerm, Words

if TYPE_CHECKING:
    from commandcenter.store.board import Board
    from commandcenter.sync.desk import Desk

NO_ADVICE = LeadAdvice(case="", rev=0)
_SHARES = (LeadReason.DUTY_CAME, LeadReason.DUTY_WENT, LeadReason.REFUSES_OFTEN)  # whose figures are shares
_BODIES = (HolderKind.DEPARTMENT, HolderKind.UNIT)


class Advising(QObject):
    """Keeps the advice on one case; `came` follows when the platform has answered, or cannot be asked."""

    came = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._asked = ("", 0)
        self._told = NO_ADVICE
        self._is_asking = False

    @property
    def is_asking(self) -> bool:
        """Whether the answer on the case asked about last is still to come."""
        return self._is_asking

    def on(self, case: Case) -> LeadAdvice:
        """Returns the advice on `case` as far as it is known, and asks for it if it was not; NO_ADVICE for none."""
        if self._asked != (case.id, case.rev):
            self._asked, self._is_asking = (case.id, case.rev), True
            spawn(self._fetch(case.id, case.rev), name=f"advice on {case.id}", shown_by=self)
        return self._told if self._told.case == case.id else NO_ADVICE

    async def _fetch(self, key: str, rev: int) -> None:
        try:
            told = await self._desk.ask(LeadAdviceQuery(key))
        except Unavailable:
            told = self._told  # what the board itself tells stands there; another revision is asked for again
        if self._asked == (key, rev):
            self._told, self._is_asking = told, False
            self.came.emit()


def argument_words(board: Board, argument: Argument) -> Words:
    """Returns a reason of the platform's with its figures; shares as percentages."""
    is_share = argument.code in _SHARES
    count, of = (f"{one:.0%}" if is_share else f"{one:.1f}".removesuffix(".0") for one in (argument.count, argument.of))
    at = "" if argument.at is None else f"{argument.at.astimezone(names.zone(board)):%Y-%m}"
    values = {"count": count, "of": of, "at": at, "about": _power(board, argument.about)}
    return FilledTerm("lead_reason", argument.code, values)


def _power(board: Board, power: str) -> str:
    """Returns the name of a power; one without a record is called as the units that have it, or the department."""
    bodies = [one for one in records.current(board, Holder) if one.kind in _BODIES]
    return names.power(board, power, sorted(bodies, key=lambda one: one.kind is not HolderKind.UNIT))
