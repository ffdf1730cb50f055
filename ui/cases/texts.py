"""What is said of a case in a row: number, kind, place, street, holder, channel, by slot of the board's columns."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from commandcenter.domain.cases import Case
from ui.kit.numbers import CaseNumber, case_number
from ui.kit.spelling import spelling
from ui.kit.words import say, word

if TYPE_CHECKING:
    from commandcenter.store.board import Board

NOBODY = "—"


class Texts:
    """Reads the board; an id that the board does not know is shown as it is."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._hay: dict[str, tuple[int, str]] = {}

    def case(self, slot: int) -> Case | None:
        """The case in a slot."""
        found = self._board.find("case", self._board.cases.ids[slot])
        return found if isinstance(found, Case) else None

    def name(self, kind: str, key: str | None) -> str:
        """The name of a record (`kind`: street, kind, holder, channel …); "—" for none."""
        if not key:
            return NOBODY
        record: Any = self._board.find(kind, key)
        return key if record is None else str(getattr(record, "short", "") or record.name)

    def number(self, case: Case) -> CaseNumber:
        """Its number; before the platform gave one, that it waits for it."""
        return case_number(case.number or say("待编号"))

    def ranks(self, kind: str, column: str) -> np.ndarray:
        """For each code of a coded column its place in the order of names, by pinyin."""
        words = self._board.cases.codes[column].words
        names = [self.name(kind, key) if key else "\uffff" for key in words]
        places = {name: place for place, name in enumerate(sorted(set(names), key=_by_pinyin))}
        return np.array([places[name] for name in names], np.int32)

    def places(self) -> np.ndarray:
        """For each slot the rank of its place, by pinyin of the common characters."""
        keys = [_by_code(case.place) if (case := self.case(slot)) else b"" for slot in range(self._board.cases.size)]
        _, ranks = np.unique(np.array(keys, dtype=np.bytes_), return_inverse=True)
        return ranks.astype(np.int32)

    def containing(self, needle: str) -> np.ndarray:
        """For each slot whether number, place, text or kind contain `needle` (small letters)."""
        found = np.zeros(self._board.cases.size, bool)
        for slot, key in enumerate(self._board.cases.ids):
            case = self._board.find("case", key)
            if isinstance(case, Case):
                found[slot] = needle in self._straw(case)
        return found

    def _straw(self, case: Case) -> str:
        """All that can be searched in one case, made once a revision."""
        kept = self._hay.get(case.id)
        if kept is None or kept[0] != case.rev:
            parts = (case.number or "", case.external or "", self.name("kind", case.kind), case.place, case.text)
            kept = self._hay[case.id] = (case.rev, "\n".join(parts).lower())
        return kept[1]


def stage_word(case: Case) -> str:
    """Its stage, in one word."""
    return word("stage", case.stage)


@lru_cache(maxsize=8192)
def _by_pinyin(name: str) -> tuple[str, str]:
    return (spelling(name).pinyin, name) if name != "\uffff" else (name, name)


def _by_code(text: str) -> bytes:
    """GB 18030 orders its common characters by pinyin: good enough for a hundred thousand places at once."""
    return text.encode("gb18030", "replace")[:40]
