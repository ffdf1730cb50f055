"""Expands the rules by which shifts repeat, also endless ones, within a bounded span."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import Any, NamedTuple, Self

from dateutil.rrule import rrulestr

PAST, AHEAD = timedelta(days=7), timedelta(days=62)  # around the present, within which shifts repeat
STARTS_MOST = 10_000  # of one rule, and days since it began: 27 years
_LENGTHS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}  # days looked through at each step
_DAYS_MOST = 30_000  # looked through for one rule: 82 years, so that a 29 February on a Monday is found


class RuleRefused(Exception):
    """A rule that is not expanded; its text is the code of the refusal."""


class Span(NamedTuple):
    """The span in which rules are expanded; both ends have a time zone."""

    since: datetime
    until: datetime


def span_around(now: datetime) -> Span:
    """Returns the span in which rules are expanded at `now`."""
    return Span(now - PAST, now + AHEAD)


def occurrences(rule: Any, starts: datetime, until: datetime) -> Iterator[datetime]:
    """Yields the moments before `until` at which a rule (RRULE) repeats what begins at `starts`, by the clock there.

    Raises RuleRefused: `bad_rule` for what is no rule of days, `rule_too_long`.
    """
    lengths = [_LENGTHS.get(str(one).upper(), 0) for one in rule.get("FREQ", ())]
    if not lengths or not all(lengths) or any(one < 1 for one in rule.get("INTERVAL", ())):
        raise RuleRefused("bad_rule")
    zone, begins = starts.tzinfo, starts.replace(tzinfo=None)
    ends = min(_by_clock(_within(one, starts, until), zone) for one in (*rule.get("UNTIL", ()), until))
    count = next(iter(rule.get("COUNT", ())), None)
    if count is not None and count < 1:
        raise RuleRefused("bad_rule")
    if (ends - begins).days > STARTS_MOST:
        raise RuleRefused("rule_too_long")
    kept = {name: value for name, value in rule.items() if name not in ("UNTIL", "COUNT")}
    found = islice(_dates(type(rule)(kept), begins, _DAYS_MOST // lengths[0]), count)
    for number, at in enumerate(takewhile(lambda one: one <= ends, found) if begins <= ends else ()):
        if number == STARTS_MOST:
            raise RuleRefused("rule_too_long")
        yield at.replace(tzinfo=zone)


class _Interval(int):
    """The interval of a rule, which the library adds at each step; refuses the rule at the last of so many steps.

    Between two moments the library looks on until the year 9999, which takes seconds for a rare rule.
    """

    def __new__(cls, interval: int, _: int) -> Self:
        """Makes the number itself."""
        return super().__new__(cls, interval)

    def __init__(self, _: int, steps: int) -> None:
        self._steps = iter(range(steps))

    def __radd__(self, other: int) -> int:
        return other + self._step()

    def __mul__(self, other: int) -> int:
        return self._step() * other

    def _step(self) -> int:
        if next(self._steps, None) is None:
            raise RuleRefused("bad_rule")
        return int(self)


def _dates(rule: Any, begins: datetime, steps: int) -> Iterator[datetime]:
    """Yields the moments of a rule; refuses one that never comes true, or not within so many steps."""
    try:
        read = rrulestr(rule.to_ical().decode(), dtstart=begins)
        found = iter(read.replace(interval=_Interval(next(iter(rule.get("INTERVAL", ())), 1), steps)))
        first = next(found, None)
        if first is None:
            raise RuleRefused("bad_rule")
        yield first
        yield from found
    except (ValueError, TypeError, IndexError, OverflowError, AssertionError) as wrong:
        raise RuleRefused("bad_rule") from wrong


def _within(at: Any, starts: datetime, until: datetime) -> Any:
    """Returns the end of a rule, a moment no earlier than `starts` and no later than `until`: year 1 has no zones."""
    if not isinstance(at, date):
        raise RuleRefused("bad_rule")
    return max(starts, min(at, until)) if isinstance(at, datetime) and at.tzinfo is not None else at


def _by_clock(at: date, zone: Any) -> datetime:
    """Returns a moment, or the last one of a day, as clocks in `zone` show it."""
    if not isinstance(at, datetime):
        return datetime.combine(at, time.max)
    return at if at.tzinfo is None else at.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
