"""What a case is found by: number, kind, place, street, lead and co-handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case
from ui.kit.texts import names
from ui.kit.texts.numbers import tail

if TYPE_CHECKING:
    from commandcenter.store.board import Board


def called(board: Board, case: Case) -> tuple[str, ...]:
    """Returns the texts that are looked through for what was typed."""
    bodies = filter(None, (case.responsible, *(task.holder for task in case.tasks)))
    named = (names.holder_name(board, key, short=True) for key in bodies)
    return tail(case), names.title(board, case), case.place, names.name(board, "street", case.street), *named
