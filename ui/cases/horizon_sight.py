"""What the deadline horizon shows at one moment, as plain data: two equal sights look the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.cases.horizon_axis import Axis, axis
from ui.cases.horizon_ticks import SIDE, Due, Tick

if TYPE_CHECKING:
    from commandcenter.store.columns import CaseColumns

LEFT, RIGHT = 62, 106  # pixels; the room of those already overdue, and of those due after the axis ends


@dataclass(frozen=True, slots=True)
class Sight:
    """The axis, which begins at pixel LEFT, and its ticks in pixels of the axis; `late` are overdue, `later` beyond."""

    axis: Axis
    ticks: tuple[Tick, ...]
    late: Tick
    later: Tick

    @property
    def stops(self) -> tuple[Tick, ...]:
        """The ticks to step through, from left to right, with the late and the later ones if there are any."""
        return tuple(tick for tick in (self.late, *self.ticks, self.later) if tick.count)

    @property
    def told(self) -> dict[str, str]:
        """The counts as texts: `late`, `soon` (on the axis) and `later`."""
        counts = self.late.count, sum(tick.count for tick in self.ticks), self.later.count
        return {name: f"{count:,}" for name, count in zip(("late", "soon", "later"), counts, strict=True)}

    def stop_at(self, x: float) -> Tick | None:
        """Returns the tick at pixel `x` of the strip, the nearest within half its room; None for none."""
        at = x - LEFT
        if at < -SIDE and self.late.count:
            return self.late
        if at > self.later.x and self.later.count:
            return self.later
        near = [tick for tick in self.ticks if tick.x - SIDE / 2 - 2 <= at <= tick.right + 2]
        return min(near, key=lambda tick: abs(tick.x - at), default=None)

    def stop_of(self, order: int) -> Tick | None:
        """Returns the tick that holds the case at `order` of the due ones; None for none."""
        return next((tick for tick in self.stops if tick.first <= order < tick.last), None)


def sight(cases: CaseColumns, due: Due, now: float, width: int) -> Sight:
    """Returns the sight of a strip `width` pixels wide at `now` (seconds since 1970)."""
    room = max(width - LEFT - RIGHT, 40)
    along = axis(cases.calendar, now, room)
    first, end = due.ahead(along, now)
    late = Tick(-LEFT, 0, first, "overdue")
    return Sight(along, tuple(due.ticks(along, now)), late, Tick(room + SIDE, end, len(due.slots), "on_time"))
