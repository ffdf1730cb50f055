"""Says how alike a text is to each of many, by the pairs and triples of letters in both; rare ones weigh more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from commandcenter.recommendation.grams import Numbers, grams

Floats = NDArray[np.float64]

_TINY = 1e-9


class TextIndex:
    """The pairs and triples of letters of many texts, each with the numbers of the texts that have it."""

    def __init__(self, texts: Sequence[str]) -> None:
        whose, codes = grams(texts)
        self._codes, which, counts = np.unique(codes, return_inverse=True, return_counts=True)
        self._texts = whose[np.argsort(which, kind="stable")].astype(np.int32)
        self._ends = np.concatenate(([0], np.cumsum(counts)))
        self._rarest = np.log(len(texts) + 1.0) ** 2
        self._weights = np.log((len(texts) + 1.0) / (counts + 0.5)) ** 2
        self._lengths = np.sqrt(np.bincount(whose, self._weights[which], len(texts)))

    def likeness(self, text: str) -> Floats:
        """Returns for each text how alike `text` is, between 0 and 1 (the cosine of the two)."""
        codes = grams((text,))[1]
        known = self._found(codes)
        length = np.sqrt(self._weights[known].sum() + (len(codes) - len(known)) * self._rarest)
        if not len(known):
            return np.zeros(len(self._lengths))
        begins, ends = self._ends[known], self._ends[known + 1]
        shared = np.concatenate([self._texts[begin:end] for begin, end in zip(begins, ends, strict=True)])
        weights = np.repeat(self._weights[known], ends - begins)
        product = np.bincount(shared, weights, len(self._lengths))
        found: Floats = product / np.maximum(self._lengths * length, _TINY)
        return found

    def _found(self, codes: Numbers) -> Numbers:
        """Returns where the codes stand that the index has."""
        places = np.searchsorted(self._codes, codes)
        is_inside = places < len(self._codes)
        places, codes = places[is_inside], codes[is_inside]
        found: Numbers = places[self._codes[places] == codes]
        return found
