"""The axis of the deadline horizon: which moment stands at which pixel, with the hours out of work folded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ui.kit.tables.columns import Array
from ui.kit.texts.times import weekday

if TYPE_CHECKING:
    from commandcenter.domain.calendar import Calendar

HOURS = 4 * 3600.0  # of work, from now on
RESTING = 2 * 3600.0  # the part of the hours out of work, if it is now in them, that is not folded: urgent limits run
FOLD = 56.0  # pixels at most for hours out of work that lie ahead
STEPS = (1800, 3600, 7200)  # seconds between two marks; the first with room for a label is taken
LABEL = 58  # pixels


@dataclass(frozen=True, slots=True)
class Part:
    """A span of time (seconds since 1970) that is `wide` pixels; `is_folded`: it is longer than it looks."""

    start: float
    end: float
    is_work: bool
    is_folded: bool
    wide: float


@dataclass(frozen=True, slots=True)
class Axis:
    """Parts that follow each other from pixel 0 on."""

    parts: tuple[Part, ...]

    @property
    def start(self) -> float:
        """The first moment, in seconds since 1970."""
        return self.parts[0].start

    @property
    def end(self) -> float:
        """The last moment."""
        return self.parts[-1].end

    def places(self, moments: Array) -> Array:
        """Returns the pixel (float64[n]) of each moment (seconds since 1970); those beyond stand at the ends."""
        return np.interp(moments, *self._corners())

    def moment(self, place: float) -> float:
        """Returns the moment at a pixel."""
        times, places = self._corners()
        return float(np.interp(place, places, times))

    def rests(self) -> list[tuple[float, float]]:
        """Returns the pixels from and to which hours are out of work."""
        edges = [(*self.places(np.array([part.start, part.end])),) for part in self.parts if not part.is_work]
        return [(float(left), float(right)) for left, right in edges]

    def marks(self, zone: tzinfo) -> list[tuple[float, str]]:
        """Returns pixel and label of the marks to show, by weight: where work begins or ends, then the full hours."""
        edges = [(after.is_work, after.start) for part, after in pairwise(self.parts) if part.is_work != after.is_work]
        firm = [at for is_start in (True, False) for begins, at in edges if begins is is_start]
        scale = max((part.wide / (part.end - part.start) for part in self.parts if not part.is_folded), default=0)
        step = next((step for step in STEPS if step * scale >= LABEL), STEPS[-1])
        steps = [at for part in self.parts if not part.is_folded for at in _full(part, step, zone)]
        today = datetime.fromtimestamp(self.start, zone).date()
        days = {datetime.fromtimestamp(at, zone).date(): at for at in reversed(firm)}  # the day is told where it begins
        named = {at for day, at in days.items() if day != today}
        moments = dict.fromkeys((*firm, *steps))
        return [(float(self.places(np.array(at))), _label(at, zone, named=at in named)) for at in moments]

    def _corners(self) -> tuple[list[float], list[float]]:
        times = [self.start, *(part.end for part in self.parts)]
        return times, [0.0, *np.cumsum([part.wide for part in self.parts])]


def axis(calendar: Calendar | None, now: float, width: float) -> Axis:
    """Returns the axis of `width` pixels from `now` (seconds since 1970) over the next HOURS of work.

    It begins at the last moment before `now` at which it moved by a pixel. Without a calendar all hours are work.
    """
    first = _axis(calendar, now, now, width).parts[0]
    step = max(1, round((first.end - first.start) / max(first.wide, 1.0)))
    return _axis(calendar, now, now - now % step, width)


def _spans(calendar: Calendar | None, now: float, begin: float) -> list[tuple[float, float]]:
    """Returns the spans of work from `now` on; the first is from `begin`, a little before, if it has begun."""
    if calendar is None:
        return [(begin, begin + HOURS)]
    at = datetime.fromtimestamp(now, UTC)
    works = calendar.resumes(at) is None
    found = calendar.spans(at, HOURS - (now - begin) if works else HOURS)
    spans = [(start.timestamp(), end.timestamp()) for start, end in found]
    return [(begin, spans[0][1]), *spans[1:]] if works else spans


def _axis(calendar: Calendar | None, now: float, begin: float, width: float) -> Axis:
    cut: list[tuple[float, float, bool, bool]] = []
    at = begin
    for start, end in _spans(calendar, now, begin):
        shown = min(start, at + RESTING) if at == begin else at
        cut += [(at, shown, False, False), (shown, start, False, True), (start, end, True, False)]
        at = end
    return Axis(tuple(_wide([part for part in cut if part[0] < part[1]], width)))


def _wide(cut: list[tuple[float, float, bool, bool]], width: float) -> list[Part]:
    """Gives each part its pixels: FOLD to those that are folded, unless they are short, and one scale to the others."""
    folded = [part for part in cut if part[3]]
    plain = sum(end - start for start, end, _, is_folded in cut if not is_folded)
    scale = max(width - FOLD * len(folded), 1.0) / plain
    short = {part for part in folded if (part[1] - part[0]) * scale <= FOLD}
    plain += sum(end - start for start, end, _, _ in short)
    scale = max(width - FOLD * (len(folded) - len(short)), 1.0) / plain
    parts = []
    for part in cut:
        start, end, is_work, is_folded = part
        is_folded = is_folded and part not in short
        parts.append(Part(start, end, is_work, is_folded, FOLD if is_folded else (end - start) * scale))
    return parts


def _full(part: Part, step: int, zone: tzinfo) -> list[float]:
    """Returns the moments of a part at which the clock on the wall is at a multiple of `step` seconds."""
    offset = datetime.fromtimestamp(part.start, zone).utcoffset()
    ahead = offset.total_seconds() if offset else 0.0
    first = math.ceil((part.start + ahead) / step)
    last = math.floor((part.end + ahead) / step)
    return [at * step - ahead for at in range(first, last + 1)]


def _label(at: float, zone: tzinfo, *, named: bool) -> str:
    here = datetime.fromtimestamp(at, zone)
    return f"{weekday(here.date())} {here:%H:%M}" if named else f"{here:%H:%M}"
