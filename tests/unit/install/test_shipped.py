"""What ships for every machine: a font without empty boxes, and a lock that knows all that is asked for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

import resources
from commandcenter.install import font, lock, packages

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(params=["Regular", "Bold"])
def shipped(request: pytest.FixtureRequest) -> Iterator[TTFont]:
    """One weight of the bundled font, as it lies in the tree."""
    with TTFont(resources.path("fonts", f"NotoSansSC-{request.param}.ttf"), lazy=True) as opened:
        yield opened


def test_both_weights_write_every_name_and_sign(shipped: TTFont) -> None:
    known = shipped.getBestCmap().keys()
    assert [name for name in "喆堃玥包河区受理登记，。“”…—①✓→▲●㎡℃¥" if ord(name) not in known] == []
    ideographs = {point for point in font.characters() if 0x4E00 <= point <= 0x9FA5}
    assert len(ideographs) == 20_902
    assert ideographs <= known


def test_figures_stand_in_columns(shipped: TTFont) -> None:
    glyphs = shipped.getBestCmap()
    assert len({shipped["hmtx"][glyphs[ord(figure)]][0] for figure in "0123456789"}) == 1


def test_both_weights_are_one_family(shipped: TTFont) -> None:
    assert shipped["name"].getDebugName(1) == font.FAMILY


def test_the_lock_knows_all_that_the_project_asks_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*asked["project"]["dependencies"], *asked["dependency-groups"]["dev"]]
    names = {re.split(r"[<>=\[ ]", each, maxsplit=1)[0].lower() for each in wanted}
    locked = (ROOT / lock.LOCKS / "requirements.txt").read_text(encoding="utf-8")
    assert names <= set(re.findall(r"^([\w-]+)==", locked, re.MULTILINE))
    assert packages.count(str(ROOT)) >= len(names)
