"""Which cases match what was typed on a board, by what they are called there, also by pinyin or initials."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case
from ui.kit import records
from ui.kit.search.spelling import fit

if TYPE_CHECKING:
    from commandcenter.store.board import Board


class CaseMatching:
    """Matches a text against what `called` returns of a case; what was worked out for a revision of it is kept."""

    def __init__(self, board: Board, called: Callable[[Board, Case], Iterable[str]]) -> None:
        self._board, self._called = board, called
        self._typed = ""
        self._known: dict[str, tuple[int, bool]] = {}

    def of(self, typed: str) -> Callable[[str], bool] | None:
        """Returns whether a case, by its id, matches `typed`; None when nothing was typed."""
        if typed != self._typed:
            self._typed, self._known = typed, {}
        return self._matches if typed else None

    def _matches(self, key: str) -> bool:
        case = records.find(self._board, Case, key)
        if case is None:
            return False
        if self._known.get(key, (None,))[0] != case.rev:
            self._known[key] = (case.rev, fit(self._typed, *self._called(self._board, case)) is not None)
        return self._known[key][1]
