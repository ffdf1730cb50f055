"""Computes deadlines from the filing time, a limit and a calendar, and the steps that explain them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from commandcenter.domain.calendar import Calendar
from commandcenter.domain.cases import Case
from commandcenter.domain.decisions import Refused
from commandcenter.domain.kinds import Kind, Limit, LimitBasis, Measure
from commandcenter.domain.lights import GREEN_SHARE

_LAST_YEAR = 2199  # of a deadline: consoles take no later one


class StepKind(StrEnum):
    """Whether a span of time counts towards the limit."""

    COUNTED = "counted"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Step:
    """One span of the explanation; `seconds` is what counts of it (0 when skipped)."""

    kind: StepKind
    since: datetime
    until: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a case is due, until when its light is green, and the spans that explain it; all times in UTC."""

    due: datetime
    green_until: datetime
    steps: tuple[Step, ...]


def allowance(rule: Limit, calendar: Calendar) -> float:
    """Returns the limit in seconds: working seconds, or elapsed seconds for urgent hours 紧急工作时."""
    unit = calendar.day_seconds() if rule.measure is Measure.WORKING_DAYS else 3600.0
    return rule.amount * unit


def moments(filed_at: datetime, rule: Limit, calendar: Calendar) -> tuple[datetime, datetime]:
    """Returns (due, green_until) without the explanation."""
    seconds = allowance(rule, calendar)
    if rule.is_urgent:
        return filed_at + timedelta(seconds=seconds), filed_at + timedelta(seconds=seconds * GREEN_SHARE)
    start = calendar.elapsed(filed_at)
    return calendar.moment(start + seconds), calendar.moment(start + seconds * GREEN_SHARE)


def green_until(since: datetime, due: datetime, calendar: Calendar) -> datetime:
    """Returns until when the light is green of what has from `since` until `due`, by working time if there is any."""
    begun, ends = calendar.elapsed(since), calendar.elapsed(due)
    if ends <= begun:
        return since + (due - since) * GREEN_SHARE
    return calendar.moment(begun + (ends - begun) * GREEN_SHARE)


def limited(filed_at: datetime, kind: Kind, calendar: Calendar) -> dict[str, Any] | Refused:
    """Returns `due`, `green_until` and their `basis` for a case of `kind` filed at `filed_at`.

    Refuses a limit that `calendar`, with its few hours, does not reach within the years that a clock can show.
    """
    try:
        due, green_until = moments(filed_at, kind.limit, calendar)
    except OverflowError:
        return Refused("bad_limit", kind.id)
    if due.year > _LAST_YEAR:
        return Refused("bad_limit", kind.id)
    return {"due": due, "green_until": green_until, "basis": LimitBasis(kind.limit, kind.rev, calendar.rev)}


def limit_of(case: Case, kind: Kind | None) -> Limit | None:
    """Returns the limit that `case` was filed under; that of its `kind` as it is now where none was kept."""
    return case.basis.limit if case.basis is not None else None if kind is None else kind.limit


def due(filed_at: datetime, rule: Limit, calendar: Calendar) -> Deadline:
    """Returns the deadline of a case filed at `filed_at` (timezone-aware) under `rule`, explained span by span.

    >>> from commandcenter.domain.calendar import weekly
    >>> office = weekly("Asia/Shanghai", spans=((510, 720), (840, 1050)))
    >>> filed = datetime(2026, 11, 24, 13, 58, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
    >>> deadline = due(filed, Limit(4, Measure.WORKING_HOURS), office)
    >>> deadline.due.astimezone(filed.tzinfo).strftime("%m-%d %H:%M")
    '11-25 09:00'
    """
    end, green = moments(filed_at, rule, calendar)
    steps = [_counted(filed_at, end)] if rule.is_urgent else _steps(filed_at, end, calendar)
    return Deadline(due=end, green_until=green, steps=tuple(steps))


def _steps(start: datetime, end: datetime, calendar: Calendar) -> list[Step]:
    steps: list[Step] = []
    at = start
    for opens, closes in _openings(start, end, calendar):
        if opens > at:
            steps.append(Step(StepKind.SKIPPED, at, opens, 0.0))
        steps.append(_counted(opens, closes))
        at = closes
    return steps


def _counted(since: datetime, until: datetime) -> Step:
    return Step(StepKind.COUNTED, since, until, (until - since).total_seconds())


def _openings(start: datetime, end: datetime, calendar: Calendar) -> list[tuple[datetime, datetime]]:
    zone = ZoneInfo(calendar.zone)
    midnight = start.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    found = []
    while midnight.replace(tzinfo=zone) < end:
        for hours in sorted(calendar.hours, key=lambda h: h.start):
            if hours.weekday == midnight.weekday():
                opens, closes = (_moment(midnight, minutes, zone) for minutes in (hours.start, hours.end))
                if max(opens, start) < min(closes, end):
                    found.append((max(opens, start), min(closes, end)))
        midnight += timedelta(days=1)
    return found


def _moment(midnight: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    return (midnight + timedelta(minutes=minutes)).replace(tzinfo=zone).astimezone(UTC)
