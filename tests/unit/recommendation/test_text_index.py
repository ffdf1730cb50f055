"""How alike texts are: a judge that compares each pair of them by sets says the same."""

import random
from collections import Counter
from math import log, sqrt

import pytest

from commandcenter.recommendation.grams import grams
from commandcenter.recommendation.text_index import TextIndex

LETTERS = "水管爆裂喷泵房停三天路边ab 𠀀"


def pieces(text: str) -> set[str]:
    return {text[at : at + size] for size in (2, 3) for at in range(len(text) - size + 1)}


def alike(texts: list[str], one: str) -> list[float]:
    """Returns the cosines, piece by piece."""
    counts = Counter(piece for text in texts for piece in pieces(text))

    def weight(piece: str) -> float:
        return log((len(texts) + 1) / (counts[piece] + 0.5)) ** 2 if piece in counts else log(len(texts) + 1) ** 2

    def length(text: str) -> float:
        return sqrt(sum(map(weight, pieces(text))))

    shared = [sum(map(weight, pieces(text) & pieces(one))) for text in texts]
    return [found and found / (length(text) * length(one)) for found, text in zip(shared, texts, strict=True)]


@pytest.mark.parametrize("seed", range(20))
def test_each_text_is_as_alike_as_the_judge_says(seed: int) -> None:
    chance = random.Random(seed)
    texts = ["".join(chance.choices(LETTERS, k=chance.randrange(12))) for _ in range(30)]
    index = TextIndex(texts)
    for one in (*texts[:5], "".join(chance.choices(LETTERS, k=9)), "", "水", "无关的话"):
        assert index.likeness(one) == pytest.approx(alike(texts, one))


@pytest.mark.parametrize("texts", [[], [""], ["", "水"]])
def test_without_texts_nothing_is_alike(texts: list[str]) -> None:
    assert list(TextIndex(texts).likeness("水管爆裂")) == [0.0] * len(texts)


def test_a_piece_counts_once_and_none_reaches_over_two_texts() -> None:
    whose, codes = grams(["水水水水", "管", "爆裂"])
    assert list(whose) == [0, 0, 2]
    assert len(set(codes)) == 3


def test_a_letter_that_is_half_of_one_is_taken_as_it_is() -> None:
    assert list(grams(["\ud800水"])[0]) == [0]
