"""Each reason and each change of a proposal can be said, in both languages, with figures that it has."""

import tomllib
from enum import StrEnum
from string import Formatter

import pytest

from commandcenter.domain.lead_advice import Change, LeadReason
from resources import path

WORDS = tomllib.loads(path("i18n", "terms.recommendation.toml").read_text("utf-8"))
FIGURES = {"count", "of", "at", "about"}
OTHERWISE = {"words", "amount", "about", "holder", "score"}


@pytest.mark.parametrize(
    ("table", "codes", "figures"), [("lead_reason", LeadReason, FIGURES), ("lead_change", Change, OTHERWISE)]
)
def test_every_code_has_its_words(table: str, codes: type[StrEnum], figures: set[str]) -> None:
    assert set(WORDS[table]) == {one.value for one in codes}
    for said in WORDS[table].values():
        named = {language: _named(said[language]) for language in ("zh", "en")}
        assert named["zh"] == named["en"] <= figures
        assert {"zh_short", "en_short"} <= set(said)
        assert _named(said["zh_short"]) <= named["zh"]


def _named(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
