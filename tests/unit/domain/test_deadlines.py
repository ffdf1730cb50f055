"""Limits in working time, by examples that a dispatcher would check on a calendar, and lights."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commandcenter.domain.calendar import Calendar, Hours, weekly
from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.deadlines import StepKind, due, moments
from commandcenter.domain.kinds import Limit, Measure
from commandcenter.domain.lights import Light, light

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = weekly("Asia/Shanghai", spans=((510, 720), (840, 1050)))  # 8:30–12:00 and 14:00–17:30, 7 hours a day
H, D, U = Measure.WORKING_HOURS, Measure.WORKING_DAYS, Measure.URGENT_HOURS


def local(text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("filed", "amount", "measure", "expected"),
    [
        ("11-24 09:00", 2, H, "11-24 11:00"),
        ("11-24 11:00", 2, H, "11-24 15:00"),  # over the lunch break
        ("11-24 12:30", 1, H, "11-24 15:00"),  # filed in the break
        ("11-24 16:30", 2, H, "11-25 09:30"),  # over night
        ("11-24 22:00", 1, H, "11-25 09:30"),  # filed at night
        ("11-27 17:00", 1, H, "11-30 09:00"),  # Friday evening to Monday
        ("11-28 10:00", 1, H, "11-30 09:30"),  # filed on a Saturday
        ("11-24 08:30", 7, H, "11-24 17:30"),  # exactly a day ends with the day
        ("11-24 17:30", 7, H, "11-25 17:30"),
        ("11-24 10:00", 1, D, "11-25 10:00"),
        ("11-27 10:00", 1, D, "11-30 10:00"),
        ("11-24 10:00", 5, D, "12-01 10:00"),
        ("11-24 10:00", 0.5, D, "11-24 15:30"),
        ("11-28 23:00", 2, U, "11-29 01:00"),  # around the clock
        ("11-24 11:30", 24, U, "11-25 11:30"),
    ],
)
def test_due(filed, amount, measure, expected):
    deadline = due(local(filed), Limit(amount, measure), OFFICE)
    assert deadline.due.astimezone(ZONE) == local(expected)
    assert deadline.due == moments(local(filed), Limit(amount, measure), OFFICE)[0]


@settings(deadline=None)
@given(st.integers(0, 60 * 24 * 28), st.integers(1, 90), st.sampled_from(Measure))
def test_the_explanation_adds_up_and_leaves_nothing_out(minute, amount, measure):
    filed = local("11-02 00:00") + timedelta(minutes=minute)
    rule = Limit(amount / 2, measure)
    deadline = due(filed, rule, OFFICE)
    unit = {H: 3600.0, D: 7 * 3600.0, U: 3600.0}[measure]
    assert sum(step.seconds for step in deadline.steps) == pytest.approx(amount / 2 * unit)
    assert deadline.steps[0].since == filed
    assert deadline.steps[-1].until == deadline.due
    for step, following in zip(deadline.steps, deadline.steps[1:], strict=False):
        assert step.until == following.since
        assert step.since < step.until
    assert all((step.seconds == 0) is (step.kind is StepKind.SKIPPED) for step in deadline.steps)
    assert filed < deadline.green_until < deadline.due


@st.composite
def calendars(draw):
    hours = []
    for day in draw(st.sets(st.integers(0, 6), min_size=1)):
        edges = sorted(draw(st.sets(st.integers(0, 1440), min_size=2, max_size=4)))
        hours += [Hours(day, start, end) for start, end in zip(edges[::2], edges[1::2], strict=False)]
    return Calendar("week", 1, draw(st.sampled_from(["Asia/Shanghai", "UTC"])), tuple(hours))


@settings(deadline=None)
@given(calendars(), st.floats(0, 3e7), st.integers(0, 10**6))
def test_the_moment_at_which_so_much_work_is_done_is_the_inverse(calendar, more, minute):
    start = calendar.elapsed(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute))
    moment = calendar.moment(start + more)
    assert calendar.elapsed(moment) == pytest.approx(start + more, abs=1e-3)
    assert calendar.elapsed(moment - timedelta(seconds=1)) < start + more


@settings(deadline=None)
@given(calendars(), st.integers(0, 10**6), st.integers(0, 10**5))
def test_working_time_never_runs_back_and_never_faster_than_the_clock(calendar, minute, later):
    first = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    passed = calendar.elapsed(first + timedelta(seconds=later)) - calendar.elapsed(first)
    assert 0 <= passed <= later + 1e-3


DUE, GREEN = local("11-24 15:00"), local("11-24 14:12")


@pytest.mark.parametrize(
    ("now", "stage", "reported", "ended", "expected"),
    [
        ("11-24 14:00", Stage.HANDLING, None, None, Light.ON_TIME),
        ("11-24 14:12", Stage.HANDLING, None, None, Light.ON_TIME),
        ("11-24 14:13", Stage.HANDLING, None, None, Light.SOON),
        ("11-24 15:00", Stage.HANDLING, None, None, Light.SOON),
        ("11-24 15:01", Stage.HANDLING, None, None, Light.OVERDUE),
        ("12-24 15:00", Stage.REPORTED, "11-24 14:00", None, Light.ON_TIME),
        ("12-24 15:00", Stage.CLOSED, "11-24 14:30", "11-24 18:00", Light.SOON),
        ("12-24 15:00", Stage.VOID, None, "11-24 16:00", Light.OVERDUE),
        ("12-24 15:00", Stage.FILED, "11-24 14:00", None, Light.OVERDUE),
    ],
)
def test_light(now, stage, reported, ended, expected):
    at = {"reported_at": reported and local(reported), "ended_at": ended and local(ended)}
    case = Case("c", 1, stage, Tier.STREET, "hotline", DUE, due=DUE, green_until=GREEN, **at)
    assert light(case, local(now)) is expected


def test_without_a_limit_there_is_no_light():
    assert light(Case("c", 1, Stage.RECEIVED, Tier.GRID, "hotline", DUE), DUE) is Light.NONE


def test_a_calendar_without_hours_is_an_error_of_ours():
    with pytest.raises(ValueError):
        Calendar("week", 1, "UTC", ()).elapsed(DUE)


@settings(deadline=None)
@given(
    st.sampled_from(("Asia/Shanghai", "America/New_York", "Australia/Lord_Howe")),
    st.integers(0, 20 * 365 * 1440).map(lambda minutes: datetime(2010, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.timedeltas(-timedelta(days=2), timedelta(days=400)),
)
def test_working_time_between_two_moments_is_what_passed_of_the_calendar(
    zone: str, since: datetime, passed: timedelta
) -> None:
    calendar, until = weekly(zone, spans=((0, 150), (510, 720), (840, 1050))), since + passed
    expected = max(calendar.elapsed(until) - calendar.elapsed(since), 0.0)
    assert calendar.between(since.timestamp(), until.timestamp()) == pytest.approx(expected, abs=0.001)
