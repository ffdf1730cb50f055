"""How names are found by what is typed: as written, by pinyin, or by initials."""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name as written (small letters), its pinyin run together, and its initials."""

    plain: str
    pinyin: str
    initials: str

    def match(self, part: str) -> int | None:
        """How well one typed word fits; smaller is better, None when it does not.

        0 the whole, 1 the beginning, 2 within, 3 by pinyin or initials, 4 with something left out ("望湖城管").
        """
        written = _written(part, self.plain)
        if written is not None or not part.isascii():
            return written
        if part in (self.initials, self.pinyin):
            return 1
        if part in self.initials or part in self.pinyin:
            return 3
        return 4 if len(part) > 2 and _within(part, self.initials) else None


@lru_cache(maxsize=8192)
def spelling(name: str) -> Spelling:
    """The spelling of `name`; the first Chinese name loads the dictionary of readings (about 0.1 s)."""
    plain = "".join(name.lower().split())
    if plain.isascii():
        return Spelling(plain, plain, plain)
    from pypinyin import Style, lazy_pinyin  # late: its dictionary is not needed before somebody types letters

    spoken = plain.replace("·", "")  # 骆岗·城管 is said and typed without it
    syllables = lazy_pinyin(spoken)
    firsts = lazy_pinyin(spoken, style=Style.FIRST_LETTER)
    return Spelling(plain, "".join(syllables), "".join(firsts))


def fit(typed: str, *names: str) -> int | None:
    """How well `typed` (one or more words) fits the names of one thing; smaller is better, None when a word does not.

    Every word must fit one of the names. Chinese is compared as written, so that no dictionary is loaded for it.
    """
    total = 0
    for part in typed.lower().split():
        found = [rank for name in names if name and (rank := _rank(part, name)) is not None]
        if not found:
            return None
        total += min(found)
    return total


def _rank(part: str, name: str) -> int | None:
    if part.isascii():
        return spelling(name).match(part)
    return _written(part, name.lower().replace(" ", ""))


def _written(part: str, plain: str) -> int | None:
    if part in plain:
        return 0 if part == plain else 1 if plain.startswith(part) else 2
    return 4 if not part.isascii() and _within(part, plain) else None


def _within(part: str, whole: str) -> bool:
    """Whether the signs of `part` stand in `whole` in this order."""
    at = -1
    for sign in part:
        at = whole.find(sign, at + 1)
        if at < 0:
            return False
    return True
