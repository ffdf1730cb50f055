"""How times and numbers are told at the desk."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from ui.kit.texts import numbers, times
from ui.kit.texts.words import speak

HEFEI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 24, 7, 42, 8, tzinfo=UTC)
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def chinese_after(qapp: object) -> Iterator[None]:
    yield
    speak("zh")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (142, "0:02:22"),
        (0, "0:00:00"),
        (73_037, "20:17:17"),
        (86_399, "23:59:59"),
        (2 * 86_400 + 11_400, "2日 03:10"),
        (-4360, "超 1:12:40"),
        (-0.2, "超 0:00:00"),
        (-90_000, "超 1日 01:00"),
        (-3320 * 86_400 - 90, "超 3320日"),
        (None, "—"),
    ],
)
def test_time_left(seconds: float | None, told: str) -> None:
    assert times.left(seconds) == told


def test_time_left_in_working_days() -> None:
    eight_hours = 8 * 3600
    assert times.left(4 * eight_hours + 600, day=eight_hours) == "4日 00:10"
    assert times.left(2 * eight_hours, day=eight_hours) == "2日 00:00"
    assert times.left(eight_hours - 1, day=eight_hours) == "7:59:59"  # days are told from one working day on


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (1, "1 秒前"),
        (59, "59 秒前"),
        (180, "3 分前"),
        (7200, "2 小时前"),
        (864_000, "10 天前"),
        (-3, "0 秒前"),
        (None, "—"),
    ],
)
def test_age(seconds: float | None, told: str) -> None:
    assert times.ago(seconds) == told


def test_clock_and_day_in_the_hall_s_zone() -> None:
    assert times.clock(AT, HEFEI) == "15:42:08"
    assert times.clock(AT, HEFEI, seconds=False) == "15:42"
    assert times.day(AT, HEFEI, today=TODAY) == "11-24"
    assert times.day(date(2025, 11, 24), HEFEI, today=TODAY) == "2025-11-24"
    assert times.moment(AT, HEFEI, today=TODAY) == "今日 15:42"
    assert times.moment(AT, HEFEI, today=date(2026, 11, 25)) == "11-24 15:42"
    assert times.full_clock(AT, HEFEI) == "2026-11-24 周二 15:42:08"
    assert times.in_words(628) == "10 分 28 秒"


def test_the_same_in_english() -> None:
    speak("en")
    assert times.left(2 * 86_400 + 11_400) == "2 d 03:10"
    assert times.left(-4360) == "over 1:12:40"
    assert times.ago(180) == "3 min ago"
    assert times.full_clock(AT, HEFEI) == "2026-11-24 Tue 15:42:08"
    assert times.moment(AT, HEFEI, today=TODAY) == "today 15:42"


def test_case_numbers() -> None:
    number = numbers.case_number("包河-20261124-00421")
    assert (number.prefix, number.tail, number.full) == ("1124-", "00421", "包河-20261124-00421")
    assert numbers.case_number("本地-甲") == numbers.CaseNumber("本地-甲", "", "本地-甲")


def test_counts_and_rates() -> None:
    assert numbers.count(110_772) == "110,772"
    assert numbers.count(None) == "—"
    assert numbers.rate(0.7731) == "77.3\u2009%"
    assert numbers.rate(None) == "—"


def test_a_number_of_another_year_says_its_year() -> None:
    number = "包河-20200225-00003"
    assert numbers.case_number(number, year=2020).prefix == "0225-"
    assert numbers.case_number(number, year=2026).prefix == "200225-"
    assert numbers.case_number("本地-甲", year=2026).tail == "本地-甲"
