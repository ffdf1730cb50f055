"""Formats remaining times, ages, clock times and days, the same in all rows and the status bar."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from itertools import accumulate, pairwise

from commandcenter.domain.calendar import Hours
from ui.kit.texts.words import say

MINUTE, HOUR, DAY = 60, 3600, 86400
UNKNOWN = "—"
MANY = 100  # days, from which on hours are left out


def left(seconds: float | None, *, day: int = DAY) -> str:
    """Returns the remaining seconds as ``span`` does, as "超 1:12:40" when overdue, "—" for None.

    ``day`` is the length of a day in seconds: for working time pass the working day's.
    """
    if seconds is None:
        return UNKNOWN
    if seconds < 0:
        return say("超 {time}", time=span(-seconds, day=day))
    return span(seconds, day=day)


def span(seconds: float, *, day: int = DAY) -> str:
    """Returns a duration as "0:02:22", "2日 03:10" or, where hours matter no more, "120日".

    Days are shown from one ``day`` (in seconds) on, alone from 100 times ``day`` on.
    """
    whole = int(seconds)
    if whole < day:
        return f"{whole // HOUR}:{whole // MINUTE % 60:02d}:{whole % 60:02d}"
    if whole >= MANY * day:
        return say("{days}日", days=whole // day)
    rest = whole % day
    return say("{days}日 {time}", days=whole // day, time=f"{rest // HOUR:02d}:{rest // MINUTE % 60:02d}")


def on_one_line(time: str) -> str:
    """Returns a time as text in which no line ends."""
    return time.replace(" ", "\u00a0")


def whole_minutes(seconds: float) -> int:
    """Returns the minutes in which a time runs out, the one that has begun too."""
    return -(-round(seconds) // MINUTE)


def shared(parts: Iterable[float], unit: int) -> list[int]:
    """Returns each of the durations, in seconds, in whole units of so many, which add up to those of their sum.

    Each is less than a unit off, and depends on none that comes after it.
    """
    ends = [int(round(until, 3)) // unit for until in accumulate(parts)]
    return [end - begin for begin, end in pairwise((0, *ends))]


def in_words(seconds: float) -> str:
    """Returns a duration in words: "10 分 28 秒", from one hour on without seconds: "2 小时 5 分"."""
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return say("{n} 秒", n=whole)
    if whole < HOUR:
        return say("{m} 分 {s} 秒", m=whole // MINUTE, s=whole % MINUTE)
    return say("{h} 小时 {m} 分", h=whole // HOUR, m=whole // MINUTE % 60)


def in_minutes(seconds: float) -> str:
    """Returns a duration in words as ``in_words`` does, but under an hour in whole minutes: "5 分", "不到 1 分"."""
    if seconds >= HOUR:
        return in_words(seconds)
    return say("{n} 分", n=int(seconds) // MINUTE) if seconds >= MINUTE else say("不到 1 分")


def ago(seconds: float | None) -> str:
    """Returns an age in seconds as "1 秒前", "3 分前", "2 小时前", "5 天前"; "—" for None."""
    if seconds is None:
        return UNKNOWN
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return say("{n} 秒前", n=whole)
    if whole < HOUR:
        return say("{n} 分前", n=whole // MINUTE)
    if whole < DAY:
        return say("{n} 小时前", n=whole // HOUR)
    return say("{n} 天前", n=whole // DAY)


def clock(at: datetime, zone: tzinfo, *, seconds: bool = True) -> str:
    """Returns the time of day in ``zone``, "15:42:08" or "15:42". ``at`` must be timezone-aware."""
    return at.astimezone(zone).strftime("%H:%M:%S" if seconds else "%H:%M")


def day(at: datetime | date, zone: tzinfo, *, today: date) -> str:
    """Returns the day as "11-24", with the year only when it is not that of ``today``: "2025-11-24"."""
    when = at.astimezone(zone).date() if isinstance(at, datetime) else at
    return when.strftime("%m-%d" if when.year == today.year else "%Y-%m-%d")


def moment(at: datetime, zone: tzinfo, *, today: date) -> str:
    """Returns day and time as "今日 15:44", or "11-25 09:00" on another day."""
    if at.astimezone(zone).date() == today:
        return say("今日 {time}", time=clock(at, zone, seconds=False))
    return f"{day(at, zone, today=today)} {clock(at, zone, seconds=False)}"


def near_moment(at: datetime, now: datetime) -> str:
    """Returns day and time as short as they are clear, in the zone of ``at``.

    "今日 17:30", also 昨日 and 明日; "周五 17:30" of the week of ``now``, past or to come; else "12-08".
    """
    today = now.astimezone(at.tzinfo).date()
    clock_time, when = f"{at:%H:%M}", at.date()
    match (when - today).days:
        case 0:
            return say("今日 {time}", time=clock_time)
        case -1:
            return say("昨日 {time}", time=clock_time)
        case 1:
            return say("明日 {time}", time=clock_time)
    if when.isocalendar()[:2] == today.isocalendar()[:2]:
        return f"{weekday(when)} {clock_time}"
    return f"{at:%m-%d}" if at.year == today.year else f"{at:%Y-%m-%d}"


def near_clock(at: datetime, now: datetime) -> str:
    """Returns a moment as "17:30" on the day of ``now``, as ``near_moment`` does on another. In the zone of ``at``."""
    return f"{at:%H:%M}" if at.date() == now.astimezone(at.tzinfo).date() else near_moment(at, now)


def near_span(since: datetime, until: datetime, now: datetime) -> str:
    """Returns a span as "16:30–17:30", "16:30–周三 08:46" or "周三 08:46–09:30". In the zone of ``since``."""
    ends = f"{until:%H:%M}" if until.date() == since.date() else near_clock(until, now)
    return f"{near_clock(since, now)}–{ends}"


def full_clock(at: datetime, zone: tzinfo) -> str:
    """Returns the platform clock of the status bar: "2026-11-24 周二 15:42:08"."""
    here = at.astimezone(zone)
    return f"{here:%Y-%m-%d} {weekday(here.date())} {here:%H:%M:%S}"


def weekday(when: date) -> str:
    """Returns the day of the week: "周二"."""
    names = (say("周一"), say("周二"), say("周三"), say("周四"), say("周五"), say("周六"), say("周日"))
    return names[when.weekday()]


def working_hours(span: Hours) -> str:
    """Returns working hours of one weekday: "周一 08:30–12:00"."""
    began, ended = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in (span.start, span.end))
    return f"{weekday(date.min + timedelta(days=span.weekday))} {began}–{ended}"  # the first of all days is a Monday
