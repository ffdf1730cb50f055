"""The calendar says when working time runs: the judge steps through the minutes of a week and counts."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from commandcenter.domain.calendar import weekly

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = weekly("Asia/Shanghai", spans=((510, 720), (840, 1050)))  # 08:30–12:00 and 14:00–17:30
MINUTE = timedelta(minutes=1)


def _works(at: datetime) -> bool:
    here = at.astimezone(ZONE)
    return here.weekday() < 5 and any(a <= here.hour * 60 + here.minute < b for a, b in ((510, 720), (840, 1050)))


def test_working_time_rests_and_resumes_as_a_clock_on_the_wall_would_tell() -> None:
    at = datetime(2026, 11, 27, 11, 30, tzinfo=ZONE)  # a Friday
    while at < datetime(2026, 11, 30, 9, 0, tzinfo=ZONE):
        expected = at
        while not _works(expected):
            expected += MINUTE
        assert WEEK.resumes(at) == (None if _works(at) else expected)
        at += 7 * MINUTE


def test_the_next_hours_of_work_leave_out_nights_and_the_noon() -> None:
    since = datetime(2026, 11, 27, 16, 0, 10, tzinfo=ZONE)
    spans = [(a.astimezone(ZONE), b.astimezone(ZONE)) for a, b in WEEK.spans(since, 6 * 3600)]
    assert [f"{a:%a %H:%M:%S}-{b:%H:%M:%S}" for a, b in spans] == [
        "Fri 16:00:10-17:30:00", "Mon 08:30:00-12:00:00", "Mon 14:00:00-15:00:10",
    ]  # fmt: skip
    assert sum((b - a).total_seconds() for a, b in spans) == 6 * 3600
