"""The oracle: who carried the time of a case and how many working seconds, by rules and arithmetic of its own."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.faults.rules import Case, after

Hours = tuple[tuple[int, int, int], ...]  # (weekday, first minute, last minute) of each span of working hours


def carried(facts: Iterable[tuple[str, Any]], hours: Hours, zone: str, now: datetime) -> dict[tuple[str, str], int]:
    """Returns the working milliseconds of each (body, share); `facts` are (name, content), with datetimes in it."""
    case: Case | None = None
    since: datetime | None = None
    sums: Counter[tuple[str, str]] = Counter()
    for name, said in facts:
        if since is not None:
            for who in _carriers(case):
                sums[who] += worked(since, said["at"], hours, zone)
        case, since = after(case, name, said), said["at"]
    if since is not None:
        for who in _carriers(case):
            sums[who] += worked(since, now, hours, zone)
    return {who: length for who, length in sums.items() if length}


def worked(since: datetime, until: datetime, hours: Hours, zone: str) -> int:
    """Returns the working milliseconds between two moments, day by day of the wall clock."""
    here = ZoneInfo(zone)
    begins, ends = since.astimezone(here).replace(tzinfo=None), until.astimezone(here).replace(tzinfo=None)
    day, total = begins.replace(hour=0, minute=0, second=0, microsecond=0), timedelta()
    while day < ends:
        for weekday, first, last in hours:
            if weekday == day.weekday():
                opens, closes = day + timedelta(minutes=first), day + timedelta(minutes=last)
                total += max(min(closes, ends) - max(opens, begins), timedelta())
        day += timedelta(days=1)
    return round(total / timedelta(milliseconds=1))


def _carriers(case: Case | None) -> list[tuple[str, str]]:
    if case is None or case.stage in ("closed", "merged", "void"):
        return []
    helpers = [
        (one.holder, "task") for one in case.tasks if one.kind == "co_handling" and one.state in ("waiting", "working")
    ]
    if case.stage == "received":
        return [("shift_leader", "hall"), *helpers]
    if case.stage == "reported":
        return [("intake_clerk", "hall"), *helpers]
    if case.stage == "filed":
        return [("coordinator" if case.tier == "district" else "dispatcher", "hall"), *helpers]
    return [(case.holder or "", "lead"), *helpers]
