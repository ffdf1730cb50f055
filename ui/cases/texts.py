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
_NAMED = (("kind", "kind"), ("street", "street"), ("holder", "responsible"))


class Texts:
    """Reads the board; an id that the board does not know is shown as it is."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._hay: dict[str, tuple[Case, str]] = {}
        self._sounds: dict[str, tuple[str, str]] = {}  # initials, pinyin

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

    def number(self, case: Case, year: int) -> CaseNumber:
        """Its number, read in `year`; before the platform gave one, that it waits for it."""
        return case_number(case.number or say("待编号"), year=year)

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
        """For each slot whether number, place, text, kind, street or holder contain `needle` (small letters).

        Two letters and more are found as pinyin or initials too.
        """
        found = np.zeros(self._board.cases.size, bool)
        by_sound = len(needle) > 1 and needle.isascii() and needle.isalpha()
        for slot, key in enumerate(self._board.cases.ids):
            case = self._board.find("case", key)
            if isinstance(case, Case):
                straw = self._straw(case)
                found[slot] = needle in straw or (by_sound and self._sounds_like(needle, case.id, straw))
        return found

    def _straw(self, case: Case) -> str:
        """All that can be searched in one case, made once for each state shown: what waits changes no revision."""
        kept = self._hay.get(case.id)
        if kept is None or kept[0] is not case:
            names = (self.name(kind, getattr(case, key)) for kind, key in _NAMED)
            parts = (case.number or "", case.external or "", case.place, case.text, *names)
            kept = self._hay[case.id] = (case, "\n".join(parts).lower())
            self._sounds.pop(case.id, None)
        return kept[1]

    def _sounds_like(self, needle: str, key: str, straw: str) -> bool:
        """By initials; by pinyin from three letters on, for two stand in every other name."""
        kept = self._sounds.get(key)
        if kept is None:
            kept = self._sounds[key] = (straw.translate(_INITIALS), straw.translate(_PINYIN))
        return needle in kept[0] or (len(needle) > 2 and needle in kept[1])


def stage_word(case: Case) -> str:
    """Its stage, in one word."""
    return word("stage", case.stage)


@lru_cache(maxsize=8192)
def _by_pinyin(name: str) -> tuple[str, str]:
    return (spelling(name).pinyin, name) if name != "\uffff" else (name, name)


def _by_code(text: str) -> bytes:
    """GB 18030 orders its common characters by pinyin: good enough for a hundred thousand places at once."""
    return text.encode("gb18030", "replace")[:40]


class _Sounds(dict[int, str]):
    """For `str.translate`: the sound of each sign, found when it is met first."""

    def __init__(self, *, whole: bool) -> None:
        super().__init__()
        self._whole = whole

    def __missing__(self, sign: int) -> str:
        spelt = spelling(chr(sign)) if sign != ord("\n") else None
        self[sign] = "\n" if spelt is None else spelt.pinyin if self._whole else spelt.initials
        return self[sign]


_INITIALS, _PINYIN = _Sounds(whole=False), _Sounds(whole=True)
