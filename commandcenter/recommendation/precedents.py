"""Keeps the precedents of a district as columns, and weighs them for a case: by its kind, its text, and how new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from commandcenter.recommendation.lead_questions import Precedent, Question
from commandcenter.recommendation.text_index import Floats, TextIndex

Places = NDArray[np.int64]
T = TypeVar("T")

DAY = 86_400.0
HALF_LIFE = 60.0  # days in which a precedent loses half of the weight of what is new
LONG_HALF_LIFE = 730.0  # the same of what it keeps
NEW = 0.8  # the part of its weight that is lost fast
NEWER = 10.0  # newer precedents alike by which a precedent loses half of its weight
OTHER_KIND = 0.1  # what a precedent of another kind counts for
OF_TEXT = 2.0  # what a precedent of the same text counts for, beside one that tells only how often
SHARPNESS = 2  # how fast a precedent counts less as its text is less alike
BASE = 0.3  # cases that all bodies' shares are worth where a kind has precedents
_PLAIN = 0.02  # the likeness of any other case of the kind, where precedents are picked to be shown


@dataclass(frozen=True, slots=True)
class Weighed:
    """How much each precedent tells about a case; all arrays have one value for each precedent.

    `votes` count as so many cases. `alike` is the likeness of the texts, `is_kind` whether the kinds are the same,
    `shown` says which to show first.
    """

    votes: Floats
    alike: Floats
    is_kind: NDArray[np.bool_]
    shown: Floats


class Precedents:
    """The precedents, newest first (`rows`), and the `bodies` in them by their numbers; fitted once, then only read.

    `recency` is what a precedent still counts for by its age among those of its kind, `usual` also by how many newer
    ones there are; `shares` which share of each kind each body leads (kinds × bodies).
    """

    def __init__(self, rows: Sequence[Precedent]) -> None:
        rows = sorted(rows, key=lambda row: (-row.at, row.case))
        self.rows = tuple(rows)
        self.bodies = _numbers(body for row in rows for body in (row.lead, *row.helpers, *row.refused))
        self._kinds = _numbers(row.kind for row in rows)
        self._grids = _numbers(row.grid for row in rows)
        self._cases = {row.case: number for number, row in enumerate(rows)}
        self.at = np.array([row.at for row in rows], dtype=np.float64)
        self.lead = np.array([self.bodies[row.lead] for row in rows], dtype=np.int64)
        self.kind = np.array([self._kinds[row.kind] for row in rows], dtype=np.int64)
        self._grid = np.array([self._grids[row.grid] for row in rows], dtype=np.int64)
        self.helped = self._pairs([row.helpers for row in rows])
        self.refused = self._pairs([row.refused for row in rows])
        self.age = self._newest()[self.kind] - self.at
        self.recency = _recency(self.age)
        self.usual = self.recency * _after(_ranks(self.kind, len(self._kinds)))
        self._texts = TextIndex([row.text for row in rows])
        self.asked = np.bincount(np.concatenate((self.lead, self.refused[1])), minlength=len(self.bodies))
        self.shares = self._shares()

    def weighed(self, case: Question, text: str | None = None) -> Weighed:
        """Returns what each precedent tells about `case`, or about it with another `text`; itself it tells nothing."""
        alike = self._texts.likeness(case.text if text is None else text)
        is_kind = self.kind == self._kinds.get(case.kind, -1)
        counted = np.where(is_kind, self.recency, OTHER_KIND * self.recency)
        if case.case in self._cases:
            counted[self._cases[case.case]] = 0.0
            is_kind[self._cases[case.case]] = False
        found = alike**SHARPNESS * counted
        votes = OF_TEXT * found * _after(np.cumsum(found) - found)
        return Weighed(votes, alike, is_kind, found + _PLAIN * counted)

    def in_grid(self, case: Question) -> Places:
        """Returns the numbers of the precedents in the same grid, without the case itself; none without a grid."""
        if case.grid is None or case.grid not in self._grids:
            return np.zeros(0, dtype=np.int64)
        found = np.flatnonzero(self._grid == self._grids[case.grid])
        others: Places = found[found != self._cases.get(case.case, -1)]
        return others

    def numbers_of(self, holders: Sequence[str]) -> Places:
        """Returns for each body of the precedents where it stands among `holders`, -1 where it does not."""
        places = {holder: place for place, holder in enumerate(holders)}
        return np.array([places.get(body, -1) for body in self.bodies], dtype=np.int64)

    def _pairs(self, named: Sequence[tuple[str, ...]]) -> tuple[Places, Places]:
        """Returns (precedent, body) of each body that a precedent names."""
        pairs = [(number, self.bodies[body]) for number, bodies in enumerate(named) for body in bodies]
        both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return both[:, 0], both[:, 1]

    def _newest(self) -> Floats:
        newest = np.full(len(self._kinds), -np.inf)
        np.maximum.at(newest, self.kind, self.at)
        return newest

    def _shares(self) -> Floats:
        """Returns which share of each kind each body leads, as far as that is known (kinds × bodies)."""
        count = np.zeros((len(self._kinds), len(self.bodies)))
        np.add.at(count, (self.kind, self.lead), self.usual)
        all_kinds = count.sum(axis=0) / max(self.recency.sum(), 1.0)
        shares: Floats = (count + BASE * all_kinds) / (count.sum(axis=1, keepdims=True) + BASE)
        return shares


def _numbers(values: Iterable[T]) -> dict[T, int]:
    """Returns a number for each value, in the order of their coming."""
    return {value: number for number, value in enumerate(dict.fromkeys(values))}


def _ranks(kinds: Places, count: int) -> Floats:
    """Returns how many precedents of the same kind stand before each."""
    order = np.argsort(kinds, kind="stable")
    begins = np.searchsorted(kinds[order], np.arange(count))
    ranks = np.empty(len(kinds))
    ranks[order] = np.arange(len(kinds)) - begins[kinds[order]]
    return ranks


def _after(newer: Floats) -> Floats:
    """Returns what is left of the weight of a precedent that so many newer ones follow."""
    left: Floats = 0.5 ** (newer / NEWER)
    return left


def _recency(age: Floats) -> Floats:
    days = age / DAY
    found: Floats = NEW * 0.5 ** (days / HALF_LIFE) + (1 - NEW) * 0.5 ** (days / LONG_HALF_LIFE)
    return found
