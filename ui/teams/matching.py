"""Which cases and crews match what was typed: numbers, kinds, places and names, also by pinyin or its initials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case
from commandcenter.domain.teams import Crew
from ui.kit.search.case_matching import CaseMatching
from ui.kit.search.spelling import fit
from ui.kit.texts import names
from ui.kit.texts.numbers import tail
from ui.teams.lanes import Narrowing

if TYPE_CHECKING:
    from commandcenter.store.board import Board


class Matching:
    """Narrows the lanes by a tab and a text."""

    def __init__(self, board: Board) -> None:
        self._board, self._cases = board, CaseMatching(board, _called)

    def narrowing(self, tab: str, typed: str) -> Narrowing:
        """Returns what is shown under a tab of the head, of rows that match `typed`."""
        by = tab if tab in ("streets", "powers") else "streets"
        crews = "all" if by == tab else tab
        return Narrowing(by, crews, self._cases.of(typed), (lambda crew: self._fits(typed, crew)) if typed else None)

    def _fits(self, typed: str, crew: Crew) -> bool:
        return fit(typed, crew.name, names.holder_name(self._board, crew.unit, short=True)) is not None


def _called(board: Board, case: Case) -> tuple[str, ...]:
    return tail(case), names.title(board, case), case.place
