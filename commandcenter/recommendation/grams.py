"""Cuts texts into pairs and triples of letters, as numbers, many texts at once: Chinese needs no words for that."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

_LETTER = 21  # bits of a letter in Unicode
_TRIPLE = 1 << 62  # marks the triples, which are folded: two of them that meet count as one
_FOLD = (1 << 61) - 1
_SPREAD = 1_000_003


def grams(texts: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Returns each pair and triple of letters once for each text, as (number of the text, code), ordered by both."""
    letters = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    owner = np.repeat(np.arange(len(texts), dtype=np.int64), [len(text) for text in texts])
    pairs = letters[:-1] << _LETTER | letters[1:]
    triples = (pairs[:-1] * _SPREAD + letters[2:]) & _FOLD | _TRIPLE
    is_pair, is_triple = owner[:-1] == owner[1:], owner[:-2] == owner[2:]
    whose = np.concatenate((owner[:-1][is_pair], owner[:-2][is_triple]))
    codes = np.concatenate((pairs[is_pair], triples[is_triple]))
    order = np.lexsort((codes, whose))
    whose, codes = whose[order], codes[order]
    is_first = np.ones(len(codes), dtype=bool)
    is_first[1:] = (whose[1:] != whose[:-1]) | (codes[1:] != codes[:-1])
    return whose[is_first], codes[is_first]
