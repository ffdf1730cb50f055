"""The texts of a case in a row (number, kind, place, street, holder, channel), and search and sort ranks over them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from commandcenter.domain.cases import Case
from ui.kit import records
from ui.kit.search.spelling import spelling
from ui.kit.texts.glossary import called, found_by
from ui.kit.texts.words import word

if TYPE_CHECKING:
    from commandcenter.store.board import Board

NO_NAME = "—"
_NAMED = (("kind", "kind"), ("street", "street"), ("holder", "responsible"))


class Texts:
    """The texts of the board's cases; an id that the board does not know is shown as it is."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._search_texts: dict[str, tuple[Case, str]] = {}
        self._spellings: dict[str, tuple[str, str]] = {}  # by case id: initials, pinyin

    def case(self, slot: int) -> Case | None:
        """Returns the case in a slot; None in a free one."""
        return records.case_at(self._board, slot)

    def name(self, kind: str, key: str | None) -> str:
        """Returns the short or full name of a record (`kind`: street, kind, holder, channel …); "—" without `key`."""
        if not key:
            return NO_NAME
        record: Any = self._board.find(kind, key)
        return key if record is None else called(str(getattr(record, "short", "") or record.name))

    def ranks(self, kind: str, column: str) -> np.ndarray:
        """Returns int32[codes]: for each code of a coded column the rank of its name by pinyin."""
        words = self._board.cases.codes[column].words
        names = [self.name(kind, key) if key else "\uffff" for key in words]
        places = {name: place for place, name in enumerate(sorted(set(names), key=_by_pinyin))}
        return np.array([places[name] for name in names], np.int32)

    def places(self) -> np.ndarray:
        """Returns int32[slots]: the rank of each case's place, by pinyin for common characters."""
        keys = [_by_code(case.place) if (case := self.case(slot)) else b"" for slot in range(self._board.cases.size)]
        _, ranks = np.unique(np.array(keys, dtype=np.bytes_), return_inverse=True)
        return ranks.astype(np.int32)

    def containing(self, needle: str) -> np.ndarray:
        """Returns bool[slots]: whether numbers, place, text, kind, street or holder contain `needle` (lower case).

        Two or more letters also match initials, three or more also pinyin.
        """
        found = np.zeros(self._board.cases.size, bool)
        by_sound = len(needle) > 1 and needle.isascii() and needle.isalpha()
        for slot, key in enumerate(self._board.cases.ids):
            case = records.find(self._board, Case, key)
            if case is not None:
                straw = self._search_text(case)
                found[slot] = needle in straw or (by_sound and self._sounds_like(needle, case.id, straw))
        return found

    def forget(self) -> None:
        """Forgets the searchable texts: names in them have changed."""
        self._search_texts.clear()

    def _search_text(self, case: Case) -> str:
        """Returns everything searchable of one case, cached per shown state: pending acts keep the revision."""
        kept = self._search_texts.get(case.id)
        if kept is None or kept[0] is not case:
            names = (self.name(kind, getattr(case, key)) for kind, key in _NAMED)
            parts = (case.number or "", case.external or "", case.text, *found_by(case.place, *names))
            kept = self._search_texts[case.id] = (case, "\n".join(parts).lower())
            self._spellings.pop(case.id, None)
        return kept[1]

    def _sounds_like(self, needle: str, key: str, straw: str) -> bool:
        """Matches initials, and pinyin from three letters on: two letters occur in every other name."""
        kept = self._spellings.get(key)
        if kept is None:
            kept = self._spellings[key] = (straw.translate(_INITIALS), straw.translate(_PINYIN))
        return needle in kept[0] or (len(needle) > 2 and needle in kept[1])


def stage_word(case: Case) -> str:
    """Returns the word for the case's stage."""
    return word("stage", case.stage)


@lru_cache(maxsize=8192)
def _by_pinyin(name: str) -> tuple[str, str]:
    return (spelling(name).pinyin, name) if name != "\uffff" else (name, name)


def _by_code(text: str) -> bytes:
    """GB 18030 orders common characters by pinyin: a cheap sort key for a hundred thousand places at once."""
    return text.encode("gb18030", "replace")[:40]


class _SpellingTable(dict[int, str]):
    """A table for `str.translate` from a character to its pinyin (`whole`) or initials, filled on first use."""

    def __init__(self, *, whole: bool) -> None:
        super().__init__()
        self._whole = whole

    def __missing__(self, sign: int) -> str:
        spelt = spelling(chr(sign)) if sign != ord("\n") else None
        self[sign] = "\n" if spelt is None else spelt.pinyin if self._whole else spelt.initials
        return self[sign]


_INITIALS, _PINYIN = _SpellingTable(whole=False), _SpellingTable(whole=True)
