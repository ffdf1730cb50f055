"""Generates the calls of the shift: commands that take new cases, with kinds and channels that fit the hour."""

import time
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import numpy as np

from commandcenter.domain import facts
from commandcenter.domain.commands import Take
from commandcenter.domain.ids import uuid7
from commandcenter.simulation import addresses, case_histories, day, district, plans
from commandcenter.simulation.reference import Reference

_BATCH = 200  # calls generated per batch
_SHARED = {field.name for field in fields(Take)} & {field.name for field in fields(facts.Taken)} - {"case"}


def calls(data: Reference, seed: int) -> Iterator[Take]:
    """Returns an endless iterator of Take commands; the district is generated first (half a second)."""
    made = district.make(data)
    chance = np.random.default_rng(seed)
    places = addresses.make(made, chance)
    numbers = case_histories.Numbers("", data.district.zone)
    return _calls(data, case_histories.CaseHistories(made, places, numbers), places, chance)


def _calls(
    data: Reference, histories: case_histories.CaseHistories, places: addresses.Addresses, chance: np.random.Generator
) -> Iterator[Take]:
    """Yields calls with the kinds and channels of the coming hour, of channels entered by hand only."""
    by_hand = {channel.id for channel in data.channels if channel.by_hand}
    while True:
        now = datetime.now(UTC)
        until = now + timedelta(hours=1)
        came = day.arrivals(
            data.channel_data, zone=data.district.zone, since=now, until=until, total=_BATCH, chance=chance
        )
        for life in histories.of(plans.plans(data, came, places, chance), chance):
            said = life[0]
            assert isinstance(said, facts.Taken)
            if said.channel in by_hand:
                case = uuid7(round(time.time() * 1000), chance.bytes(10))
                yield Take(case, **{name: getattr(said, name) for name in _SHARED})
