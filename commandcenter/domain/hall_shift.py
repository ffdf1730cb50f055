"""Which shift of the hall it is, by the times of day at which shifts begin."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class HallShift:
    """One shift of the hall, from `since` until `until`, when the next one begins."""

    since: datetime
    until: datetime


def shift_at(now: datetime, zone: tzinfo, begins: str) -> HallShift:
    """Returns the shift at `now`; `begins` are times of day in `zone` separated by spaces: "08:00 16:00 00:00".

    >>> from zoneinfo import ZoneInfo
    >>> here = ZoneInfo("Asia/Shanghai")
    >>> shift = shift_at(datetime(2026, 11, 24, 3, 0, tzinfo=here), here, "08:30 17:30")
    >>> shift.since.isoformat(), shift.until.isoformat()
    ('2026-11-23T17:30:00+08:00', '2026-11-24T08:30:00+08:00')
    """
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=by) for by in (-1, 0, 1))
    starts = sorted(
        datetime.combine(day, time.fromisoformat(text), tzinfo=zone) for day in days for text in begins.split()
    )
    return HallShift(max(at for at in starts if at <= now), min(at for at in starts if at > now))
