"""Which cases and crews match what was typed: numbers, kinds, places and names, also by pinyin or its initials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case
from commandcenter.domain.teams import Crew
from ui.kit import records
from ui.kit.search.spelling import fit
from ui.kit.texts import names
from ui.kit.texts.numbers import tail
from ui.teams.lanes import Narrowing

if TYPE_CHECKING:
    from commandcenter.store.board import Board


class Matching:
    """Narrows the lanes by a tab and a text; what was worked out for a revision of a case is kept."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._typed = ""
        self._known: dict[str, tuple[int, bool]] = {}

    def narrowing(self, tab: str, typed: str) -> Narrowing:
        """Returns what is shown under a tab of the head, of rows that match `typed`."""
        if typed != self._typed:
            self._typed, self._known = typed, {}
        by = tab if tab in ("streets", "powers") else "streets"
        crews = "all" if by == tab else tab
        if not typed:
            return Narrowing(by, crews)
        return Narrowing(by, crews, self._case, self._crew)

    def _case(self, key: str) -> bool:
        case = records.find(self._board, Case, key)
        if case is None:
            return False
        known = self._known.get(key)
        if known is None or known[0] != case.rev:
            known = (case.rev, self._fits(tail(case), names.title(self._board, case), case.place))
            self._known[key] = known
        return known[1]

    def _crew(self, crew: Crew) -> bool:
        return self._fits(crew.name, names.holder_name(self._board, crew.unit, short=True))

    def _fits(self, *called: str) -> bool:
        return fit(self._typed, *called) is not None
