"""Every name that the demonstration makes has an English one, put together from resources/demo/english.toml."""

import re
from collections.abc import Iterator

import numpy as np

from commandcenter.simulation import addresses, teams
from commandcenter.simulation.district import DistrictMap
from tests.unit.simulation.conftest import NOW
from ui.kit.texts import glossary

HAN = re.compile("[\u4e00-\u9fff]")


def _names(made: DistrictMap) -> Iterator[str]:
    """Yields every name that the demonstration makes."""
    data, chance = made.reference, np.random.default_rng(1)
    holders = teams.holders(made, archive=True)
    yield from (data.district.name, "受理05", "派遣01", "值班长03", "统筹02", "街镇12")
    for kind in data.kinds:
        yield from (kind.name, kind.class_name, kind.limit.source, *kind.questions)
    for holder in holders:
        yield from (holder.name, holder.short, holder.phone)
    named = (*data.channels, *data.powers, *made.streets, *made.communities, *teams.teams(made))
    yield from (one.name for one in (*named, *teams.crews(made, NOW, chance)))
    yield from (area.grid.name for area in (*made.today, *made.archive))
    yield from addresses.make(made, chance).names


def test_every_name_that_the_demonstration_makes_has_an_english_one(made: DistrictMap) -> None:
    said = {name: glossary.in_english(name) for name in _names(made)}
    assert [name for name, shown in said.items() if HAN.search(shown) or (not shown and name)] == []
    assert said["望湖街道城管中队"] == "Wanghu City Management"
    assert said["城管二队"] == "City mgmt 2"
    assert said["官塘社区居民委员会"] != said["骆岗社区居民委员会"]
