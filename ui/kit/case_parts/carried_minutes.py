"""Who carried a case for how many whole minutes: the minutes of all who carried it add up to those of the case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from commandcenter.domain.calendar import Calendar
from commandcenter.domain.responsibility import Share, Span, totals
from ui.kit.texts.times import MINUTE, shared

Who = tuple[str, Share]


@dataclass(frozen=True, slots=True)
class CarriedMinutes:
    """The minutes `by` body and share, and those of the `whole` case, that is of all but who helped beside the others.

    They are of working time; or, where a case has none (`is_off`), by the clock on the wall.
    """

    whole: int
    by: Mapping[Who, int]
    is_off: bool


def carried_minutes(found: Sequence[Span], calendar: Calendar, now: datetime) -> CarriedMinutes:
    """Returns the minutes of the spans of a case, those that are open until `now`."""
    worked = {who: time for who, time in totals(found, calendar, now).items() if time > 0}
    lasted = _lasted(found, now)
    sums = worked or lasted
    still = {one.who for one in found if one.until is None}
    held = [who for who in sums if who[1] is not Share.TASK]
    held.sort(key=still.__contains__)  # whose time goes on comes last: the minutes of all others stay as they are
    minutes = dict(zip(held, shared([sums[who] for who in held], MINUTE), strict=True))
    by = {who: minutes.get(who, int(sums[who]) // MINUTE) for who in sums}
    return CarriedMinutes(sum(minutes.values()), by, not worked and max(lasted.values(), default=0.0) >= 1)


def _lasted(found: Sequence[Span], now: datetime) -> dict[Who, float]:
    sums: defaultdict[Who, float] = defaultdict(float)
    for one in found:
        sums[one.who] += max(0.0, ((one.until or now) - one.since).total_seconds())
    return sums
