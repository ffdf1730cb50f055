"""Matches typed text against names: as written, by pinyin, or by pinyin initials."""

from dataclasses import dataclass
from functools import lru_cache

from ui.kit.texts.glossary import found_by


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name in lower case without spaces, its joined pinyin, and its pinyin initials."""

    plain: str
    pinyin: str
    initials: str

    def match(self, part: str) -> int | None:
        """Returns how well one typed word matches; smaller is better, None when it does not match.

        0 equal; 1 a prefix, or equal to pinyin or initials; 2 a substring, or how pinyin or initials begin; 3 a part
        of them; 4 with characters left out ("望湖城管").
        """
        written = _written(part, self.plain)
        if written is not None or not part.isascii():
            return written
        if part in (self.initials, self.pinyin):
            return 1
        if self.initials.startswith(part) or self.pinyin.startswith(part):
            return 2
        if part in self.initials or part in self.pinyin:
            return 3
        return 4 if len(part) > 2 and _within(part, self.initials) else None


@lru_cache(maxsize=8192)
def spelling(name: str) -> Spelling:
    """Returns the spelling of `name`; the first Chinese name loads the pinyin dictionary (about 0.1 s)."""
    plain = "".join(name.lower().split())
    if plain.isascii():
        return Spelling(plain, plain, plain)
    from pypinyin import Style, lazy_pinyin  # late: its dictionary is not needed until letters are typed

    spoken = plain.replace("·", "")  # 骆岗·城管 is spoken and typed without it
    syllables = lazy_pinyin(spoken)
    firsts = lazy_pinyin(spoken, style=Style.FIRST_LETTER)
    return Spelling(plain, "".join(syllables), "".join(firsts))


def fit(typed: str, *names: str) -> int | None:
    """Returns how well `typed` (one or more words) matches the names of one thing; smaller is better.

    None when a word matches no name, in a demonstration neither in Chinese nor in English. Chinese words are compared
    as written, so that they load no dictionary.
    """
    total = 0
    texts = found_by(*names)
    for part in typed.lower().split():
        found = [rank for name in texts if name and (rank := _rank(part, name)) is not None]
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
    """Returns whether the characters of `part` occur in `whole` in this order."""
    at = -1
    for sign in part:
        at = whole.find(sign, at + 1)
        if at < 0:
            return False
    return True
