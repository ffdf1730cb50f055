"""English for the names of a demonstration's records and places, put together from the parts of resources/demo."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain

from resources import path
from ui.kit.texts.words import spoken

_FILE = path("demo", "english.toml")
_NUMBER = re.compile(r"\d+")


@dataclass(slots=True)
class _Shown:
    is_demonstration: bool = False
    sources: defaultdict[str, set[str]] = field(
        default_factory=lambda: defaultdict(set)
    )  # by the English shown of them


_shown = _Shown()


def use(is_demonstration: bool) -> bool:
    """Looks names up from now on, or no more: a real hall's names are shown as they are. Returns if that changed it."""
    changed, _shown.is_demonstration = _shown.is_demonstration != is_demonstration, is_demonstration
    return changed


def called(name: str) -> str:
    """Returns `name` as it is shown in the current language; one that is not wholly known stays as it is."""
    if not _shown.is_demonstration or spoken() != "en":
        return name
    shown = in_english(name)
    _shown.sources[shown].add(name)
    return shown


def found_by(*names: str) -> tuple[str, ...]:
    """Returns what the thing with these names is found by: each as it is given, and in the other language."""
    if not _shown.is_demonstration:
        return names
    there = (_shown.sources.get(name) or {in_english(name)} for name in names if name)
    return tuple(dict.fromkeys((*names, *chain.from_iterable(there))))


@cache
def in_english(name: str) -> str:
    """Returns the English of a name of the demonstration; `name` itself when one of its parts is not known."""
    if name.isascii():
        return name
    alone, parts = _table()
    pieces = [alone[name]] if name in alone else _pieces(_NUMBER.sub("#", name), parts)
    if pieces is None:
        return name
    numbers = iter(_NUMBER.findall(name))
    said = " ".join(" ".join(pieces).split()).replace(" ,", ",")
    return re.sub("#", lambda _: next(numbers), said)


@cache
def _table() -> tuple[dict[str, str], dict[str, str]]:
    """Returns the names that are known as a whole, and the parts of all others."""
    sections = tomllib.loads(_FILE.read_text("utf-8"))
    alone = sections.pop("alone") | sections.pop("questions")
    return alone, {part: said for section in sections.values() for part, said in section.items()}


def _pieces(text: str, parts: Mapping[str, str]) -> list[str] | None:
    """Returns the English of the parts that `text` consists of, longer ones first; None when it does not.

    Each end of the text is looked at once: anybody may type a place, and a long one takes no longer for it.
    """
    longest = max(map(len, parts))
    found: list[list[str] | None] = [[]]  # of each end of the text, by its length
    for start in range(len(text) - 1, -1, -1):
        ends = range(min(start + longest, len(text)), start, -1)
        rests = ((parts.get(text[start:end]), found[len(text) - end]) for end in ends)
        found.append(next(([said, *rest] for said, rest in rests if said is not None and rest is not None), None))
    return found[-1]
