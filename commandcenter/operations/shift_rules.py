"""Expands the rules by which shifts repeat, also endless ones, within a bounded span."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import Any, NamedTuple

from dateutil.rrule import rrulestr

PAST, AHEAD = timedelta(days=7), timedelta(days=62)  # around the present, within which shifts repeat
STARTS_MOST = 10_000  # of one rule, and days since it began: 27 years
_LENGTHS = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})


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
    if not {str(one).upper() for one in rule.get("FREQ", ())} <= _LENGTHS or not rule.get("FREQ"):
        raise RuleRefused("bad_rule")
    zone, begins = starts.tzinfo, starts.replace(tzinfo=None)
    ends = min([_by_clock(one, zone) for one in rule.get("UNTIL", ())] + [_by_clock(until, zone)])
    count = next(iter(rule.get("COUNT", ())), None)
    if count is not None and count < 1:
        raise RuleRefused("bad_rule")
    if (ends - begins).days > STARTS_MOST:
        raise RuleRefused("rule_too_long")
    kept = {name: value for name, value in rule.items() if name not in ("UNTIL", "COUNT")}
    found = islice(_dates(type(rule)(kept).to_ical().decode(), begins), count)
    for number, at in enumerate(takewhile(lambda one: one <= ends, found) if begins <= ends else ()):
        if number == STARTS_MOST:
            raise RuleRefused("rule_too_long")
        yield at.replace(tzinfo=zone)


def _dates(text: str, begins: datetime) -> Iterator[datetime]:
    """Yields the moments of a rule; refuses one that never comes true, which takes seconds to be known."""
    try:
        found = iter(rrulestr(text, dtstart=begins))
        first = next(found, None)
        if first is None:
            raise RuleRefused("bad_rule")
        yield first
        yield from found
    except (ValueError, TypeError) as wrong:
        raise RuleRefused("bad_rule") from wrong


def _by_clock(at: Any, zone: Any) -> datetime:
    """Returns a moment, or the last one of a day, as clocks in `zone` show it."""
    if not isinstance(at, datetime):
        assert isinstance(at, date)
        return datetime.combine(at, time.max)
    return at if at.tzinfo is None else at.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
