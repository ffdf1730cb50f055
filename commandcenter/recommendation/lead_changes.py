"""Finds out what would change the answer: each change is tried, and the answer computed anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from commandcenter.domain.lead_advice import Change, OtherAnswer
from commandcenter.recommendation.lead_questions import Asked
from commandcenter.recommendation.lead_scores import Evidence
from commandcenter.recommendation.text_index import Floats

CLAUSES = 4  # clauses of a text that are tried, the longest
LOADS = 200  # open cases up to which a load is tried beyond what it is
RIVALS = 2  # bodies behind the first whose load is tried

_BETWEEN = re.compile(r"[，。；：！？、（）,.;:!?()\s]+")


def changes(evidence: Evidence, asked: Asked, scores: Floats) -> tuple[OtherAnswer, ...]:
    """Returns the changes under which another body is first than by `scores`, those of the case itself first."""
    if len(scores) < 2 or not scores.any():
        return ()
    first, *rivals = (int(place) for place in np.argsort(-scores, kind="stable")[: RIVALS + 1])
    return (
        *_without_words(evidence, asked, first),
        *_if_refused(evidence, asked, first),
        *(one for rival in rivals for one in _load_below(evidence, asked, rival)),
        *_load_above(evidence, asked, first),
    )


def _without_words(evidence: Evidence, asked: Asked, first: int) -> Iterator[OtherAnswer]:
    text = asked.case.text
    clauses = [clause for clause in _BETWEEN.split(text) if len(clause) > 1]
    for clause in sorted(dict.fromkeys(clauses), key=len, reverse=True)[:CLAUSES]:
        found = Evidence(evidence.known, asked, text.replace(clause, " ")).scores(asked.bodies)
        if int(found.argmax()) != first:
            yield _answer(Change.WITHOUT_WORDS, asked, found, words=clause)


def _if_refused(evidence: Evidence, asked: Asked, first: int) -> Iterator[OtherAnswer]:
    found = evidence.scores(asked.with_refusal(first))
    if int(found.argmax()) != first:
        yield _answer(Change.IF_REFUSED, asked, found, about=asked.bodies[first].id)


def _load_below(evidence: Evidence, asked: Asked, rival: int) -> Iterator[OtherAnswer]:
    """Yields the most open cases with which the rival would be first, if it has more."""
    most = _last(-1, asked.bodies[rival].load, partial(_is_first, evidence, asked, rival))
    if most >= 0:
        found = evidence.scores(asked.with_load(rival, most))
        yield _answer(Change.LOAD_BELOW, asked, found, about=asked.bodies[rival].id, amount=most)


def _load_above(evidence: Evidence, asked: Asked, first: int) -> Iterator[OtherAnswer]:
    """Yields the fewest open cases with which the first would not be first any more."""
    now = asked.bodies[first].load
    least = 1 + _last(now, now + LOADS, partial(_is_first, evidence, asked, first))
    if least <= now + LOADS:
        found = evidence.scores(asked.with_load(first, least))
        yield _answer(Change.LOAD_ABOVE, asked, found, about=asked.bodies[first].id, amount=least)


def _is_first(evidence: Evidence, asked: Asked, place: int, load: int) -> bool:
    return int(evidence.scores(asked.with_load(place, load)).argmax()) == place


def _last(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Returns the last number above `low`, up to `high`, up to which `holds` does; `low` when it never does."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _answer(
    code: Change, asked: Asked, scores: Floats, about: str = "", amount: int = 0, words: str = ""
) -> OtherAnswer:
    place = int(scores.argmax())
    return OtherAnswer(code, asked.bodies[place].id, round(float(scores[place]), 4), about, amount, words)
