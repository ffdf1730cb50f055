"""Chooses what happens in a turn of the shift among the ways in which its people can act, each at its own pace."""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from commandcenter.demonstration.shift_clients import PlannedCommand
from commandcenter.sync.demo_accounts import DemoAccount

ShiftAction = tuple[DemoAccount, PlannedCommand]
Way = Callable[[datetime], ShiftAction | None]


def chosen(
    ways: Mapping[str, Way], pace: Mapping[str, float], now: datetime, *, share: float, chance: random.Random
) -> Iterator[ShiftAction]:
    """Yields the actions of one turn; `pace` says how often each of the `ways` is tried per arriving case.

    `share` is the turn's length as a part of the time between two arrivals.
    """
    for name, way in ways.items():
        action = way(now) if chance.random() < pace[name] * share else None
        if action is not None:
            yield action
