"""Expands the rules by which shifts repeat, also endless ones, within a bounded span."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, NamedTuple

from dateutil.rrule import rrulestr

PAST, AHEAD = timedelta(days=7), timedelta(days=62)  # around the present, within which shifts repeat
STARTS_MOST = 10_000  # of one rule, and days since it began: 27 years
_LENGTHS = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})


class Span(NamedTuple):
    """The span in which rules are expanded; both ends have a time zone."""

    since: datetime
    until: datetime


def span_around(now: datetime) -> Span:
    """Returns the span in which rules are expanded at `now`."""
    return Span(now - PAST, now + AHEAD)


def occurrences(rule: Any, starts: datetime, until: datetime) -> Iterator[datetime]:
    """Yields the moments before `until` at which a rule (RRULE) repeats what begins at `starts`, by the clock there.

    Raises ValueError with the code of the refusal: `bad_rule` for what is no rule of days, `rule_too_long`.
    """
    if not {str(one).upper() for one in rule.get("FREQ", ())} <= _LENGTHS or not rule.get("FREQ"):
        raise ValueError("bad_rule")
    zone = starts.tzinfo
    ends = min([_by_clock(one, zone) for one in rule.get("UNTIL", ())] + [_by_clock(until, zone)])
    count = next(iter(rule.get("COUNT", ())), None)
    if count is not None and count < 1:
        raise ValueError("bad_rule")
    if (ends - starts.replace(tzinfo=None)).days > STARTS_MOST:
        raise ValueError("rule_too_long")
    kept = {name: value for name, value in rule.items() if name not in ("UNTIL", "COUNT")}
    text = type(rule)(kept).to_ical().decode()
    try:
        found = rrulestr(f"{text};UNTIL={ends:%Y%m%dT%H%M%S}", dtstart=starts.replace(tzinfo=None))
    except (ValueError, TypeError) as wrong:
        raise ValueError("bad_rule") from wrong
    for number, at in enumerate(islice(iter(found), count)):
        if number == STARTS_MOST:
            raise ValueError("rule_too_long")
        yield at.replace(tzinfo=zone)


def _by_clock(at: Any, zone: Any) -> datetime:
    """Returns a moment, or the last one of a day, as clocks in `zone` show it."""
    if not isinstance(at, datetime):
        assert isinstance(at, date)
        return datetime.combine(at, time.max)
    return at if at.tzinfo is None else at.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
