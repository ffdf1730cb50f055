"""Suggests kinds for a text, by the kinds' hints and names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from commandcenter.domain.kinds import Kind

MIN_SCORE_SHARE = 0.35  # share of the best score; kinds below it only share a common word
HINT, NAME, PART = 3.0, 4.0, 1.0  # score of a hint, of the whole name, of two characters of it


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A kind, its score, and the words of the text that support it."""

    kind: Kind
    score: float
    words: tuple[str, ...]


def suggest(kinds: Iterable[Kind], text: str, *, most: int = 3) -> tuple[Suggestion, ...]:
    """Returns the likeliest kinds for `text`, best first, then others of the best one's class; none without a match."""
    said = "".join(text.split()).lower()
    weighed = sorted((_weigh(kind, said) for kind in kinds), key=lambda s: (-s.score, s.kind.id))
    if not weighed or weighed[0].score == 0:
        return ()
    best = weighed[0]
    heavy = [one for one in weighed if one.score >= MIN_SCORE_SHARE * best.score]
    akin = [one for one in weighed if one not in heavy and one.kind.class_name == best.kind.class_name]
    return tuple((*heavy, *akin)[:most])


def _weigh(kind: Kind, said: str) -> Suggestion:
    words = [hint for hint in kind.hints if hint.lower() in said]
    score = sum(HINT + 0.1 * len(hint) for hint in words)
    if kind.name.lower() in said:
        return Suggestion(kind, score + NAME, (*words, kind.name))
    parts = [kind.name[n : n + 2] for n in range(len(kind.name) - 1)]
    spoken = [part for part in parts if part in said and not any(part in word for word in words)]
    return Suggestion(kind, score + PART * len(spoken), (*words, *spoken))
