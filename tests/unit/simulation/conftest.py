"""The district and some days of it, made once for all tests of this folder."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from commandcenter.domain.facts import Fact
from commandcenter.simulation import addresses, case_histories, day, district, plans, reference
from commandcenter.simulation.district import DistrictMap
from resources import path

NOW = datetime(2026, 11, 24, 3, 10, tzinfo=UTC)


@pytest.fixture(scope="session")
def made() -> DistrictMap:
    return district.make(reference.read(path("demo")))


@pytest.fixture(scope="session")
def week(made: DistrictMap) -> list[list[Fact]]:
    """The lives of 3,178 cases of the week before NOW."""
    return written(made, np.random.default_rng(5))


def written(made: DistrictMap, chance: np.random.Generator, *, archive: bool = False) -> list[list[Fact]]:
    data = made.reference
    since = NOW - timedelta(days=7)
    came = day.arrivals(data.channel_data, zone=data.district.zone, since=since, until=NOW, total=3178, chance=chance)
    places = addresses.make(made, chance)
    numbers = case_histories.Numbers("包河", data.district.zone)
    return list(
        case_histories.CaseHistories(made, places, numbers, archive=archive).of(
            plans.plans(data, came, places, chance), chance
        )
    )
