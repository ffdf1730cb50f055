"""Which cases match what was typed: number, kind, place, street, lead and co-handlers, also by pinyin or initials."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case
from ui.kit import records
from ui.kit.search.spelling import fit
from ui.kit.texts import names
from ui.kit.texts.numbers import tail

if TYPE_CHECKING:
    from commandcenter.store.board import Board


class Matching:
    """Narrows the board by a text; what was worked out for a revision of a case is kept."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._typed = ""
        self._known: dict[tuple[str, int], bool] = {}

    def of(self, typed: str) -> Callable[[str], bool] | None:
        """Returns whether a case, by its id, matches `typed`; None when nothing was typed."""
        if typed != self._typed:
            self._typed, self._known = typed, {}
        return self._matches if typed else None

    def _matches(self, key: str) -> bool:
        case = records.find(self._board, Case, key)
        if case is None:
            return False
        if (case.id, case.rev) not in self._known:
            self._known[case.id, case.rev] = fit(self._typed, *self._called(case)) is not None
        return self._known[case.id, case.rev]

    def _called(self, case: Case) -> tuple[str, ...]:
        bodies = filter(None, (case.responsible, *(task.holder for task in case.tasks)))
        named = (names.holder_name(self._board, key, short=True) for key in bodies)
        street = names.name(self._board, "street", case.street)
        return (tail(case), names.title(self._board, case), case.place, street, *named)
