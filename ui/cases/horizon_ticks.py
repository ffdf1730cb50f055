"""The ticks of the deadline horizon, from the board's columns: cases that fall due too close together are one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from commandcenter.domain.lights import THRESHOLDS
from commandcenter.store.columns import LIGHT_CODES, ON_TIME, OVERDUE, CaseColumns
from ui.cases.horizon_axis import Axis
from ui.kit.tables.columns import Array

SIDE = 12  # pixels; the room of one shape
AIR = 6  # pixels between two, so that a count reads as that of the shape before it
NEAREST = SIDE // 2 + 3  # pixels from the bar at the present moment to the middle of a shape, which leaves it free
SIGN, DIGIT = 10, 7  # pixels; the room of the sign × and of a digit behind a shape that stands for several cases


@dataclass(frozen=True, slots=True)
class Tick:
    """The cases `first` to `last` (excluded) of `Due.slots`: their shape is around pixel `x`, their worst light."""

    x: int
    first: int
    last: int
    light: str

    @property
    def count(self) -> int:
        """The number of its cases."""
        return self.last - self.first

    @property
    def right(self) -> int:
        """The pixel at which it ends, with its count."""
        return self.x + SIDE // 2 + _count_width(self.count)


@dataclass(frozen=True, slots=True)
class Due:
    """Cases by when they are due, then by number: `slots` (int64[n]) and `due` (float64[n], seconds since 1970).

    `until` are the moments (float64[n]) from which each has the next of `THRESHOLDS`' lights. All are copies: between a
    board that was emptied and the next that is shown they are drawn as they were.
    """

    slots: Array
    due: Array
    until: tuple[Array, ...]

    @classmethod
    def of(cls, cases: CaseColumns, mask: Array, now: float) -> Due:
        """Returns the running ones with a limit among the slots of `mask` (bool[slots]), and those reported overdue."""
        runs = cases.is_running & ~np.isnan(cases["due"])
        slots = np.flatnonzero(mask & cases["alive"] & (runs | (cases.lights(now) == OVERDUE)))
        slots = slots[np.lexsort((cases["number"][slots], cases["due"][slots]))]
        return cls(slots, cases["due"][slots], tuple(cases[field][slots] for _, field in THRESHOLDS))

    @classmethod
    def none(cls) -> Due:
        """Returns that of no case."""
        nothing = np.zeros(0)
        return cls(nothing.astype(np.int64), nothing, (nothing,) * len(THRESHOLDS))

    def order(self, slot: int) -> int:
        """Returns the place of the case in `slot`, -1 for none."""
        found = np.flatnonzero(self.slots == slot)
        return int(found[0]) if len(found) else -1

    def ahead(self, axis: Axis, now: float) -> tuple[int, int]:
        """Returns the first case that is not overdue at `now`, and the first that is due after the axis ends."""
        first = int(np.searchsorted(self.due, now, "left"))
        return first, max(first, int(np.searchsorted(self.due, axis.end, "right")))

    def ticks(self, axis: Axis, now: float) -> list[Tick]:
        """Returns the ticks on the axis at `now`, from left to right; none covers another."""
        at, end = self.ahead(axis, now)
        places = np.maximum(np.round(axis.places(self.due[:end])).astype(np.int64), NEAREST)
        lights = self._lights(now)
        found: list[Tick] = []
        while at < end:
            last = _last(places, at)
            found.append(Tick(int(places[at]), at, last, LIGHT_CODES[min(int(lights[at:last].max()), OVERDUE)]))
            at = last
        return found

    def _lights(self, now: float) -> Array:
        """Returns int64[n]: the light code of each at `now`."""
        lights = np.full(len(self.slots), ON_TIME)
        for (light, _), until in zip(reversed(THRESHOLDS), reversed(self.until), strict=True):
            lights[now > until] = LIGHT_CODES.index(light)
        return lights


def _last(places: Array, first: int) -> int:
    """Returns the end of the cases whose shapes would cover that of `first`, or its count."""
    reach, last = int(places[first]) + SIDE + AIR, first
    while (found := int(np.searchsorted(places, reach, "left"))) > last:
        last = found
        reach = int(places[first]) + SIDE + AIR + _count_width(last - first)
    return last


def _count_width(count: int) -> int:
    return SIGN + DIGIT * len(str(count)) if count > 1 else 0
