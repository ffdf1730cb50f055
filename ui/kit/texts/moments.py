"""Reads moments as people type them: "15:00", "11-27 9:30", "明天 8:00", "30分", "2小时"."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

_DAYS = {"今天": 0, "today": 0, "明天": 1, "tomorrow": 1, "后天": 2}
_DATE = re.compile(r"(\d{1,2})-(\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")
_SPAN = re.compile(r"\+?(\d{1,3})(分|分钟|min|小时|h)")
_HOURS = ("小时", "h")


def split_moment(words: Sequence[str]) -> tuple[str, list[str]]:
    """Returns the first moment among `words` as text ("" for none), and the other words.

    >>> split_moment(["二队", "明天", "9:00", "带泵"])
    ('明天 9:00', ['二队', '带泵'])
    """
    for at, word in enumerate(words):
        if _SPAN.fullmatch(word) or _CLOCK.fullmatch(word):
            return word, [*words[:at], *words[at + 1 :]]
        if (word in _DAYS or _DATE.fullmatch(word)) and at + 1 < len(words) and _CLOCK.fullmatch(words[at + 1]):
            return f"{word} {words[at + 1]}", [*words[:at], *words[at + 2 :]]
    return "", list(words)


def read_moment(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Returns the moment that `text` names in `zone`, seen from `now`; None when it names none.

    A time of day without a day is the next one; a date without a year the next one.
    """
    span = _SPAN.fullmatch(text.strip())
    if span is not None:
        amount = int(span[1])
        return now + (timedelta(hours=amount) if span[2] in _HOURS else timedelta(minutes=amount))
    *day, clock = text.split() or ("",)
    found = _CLOCK.fullmatch(clock)
    if found is None or len(day) > 1:
        return None
    try:
        there = now.astimezone(zone).replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
        return _on(day, there, now)
    except ValueError:  # there is no such day, or no such time of day
        return None


def typed_moment(at: datetime, zone: tzinfo) -> str:
    """Returns the moment as it can be typed, to the minute."""
    return f"{at.astimezone(zone):%m-%d %H:%M}"


def _on(day: Sequence[str], today: datetime, now: datetime) -> datetime | None:
    if not day:
        return today if today > now else today + timedelta(days=1)
    if day[0] in _DAYS:
        return today + timedelta(days=_DAYS[day[0]])
    date = _DATE.fullmatch(day[0])
    if date is None:
        return None
    there = today.replace(month=int(date[1]), day=int(date[2]))
    return there if there.date() >= today.date() else there.replace(year=today.year + 1)
