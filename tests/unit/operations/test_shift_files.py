"""Shifts in iCalendar files: what each way of writing them means, and what is refused, with the line."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from commandcenter.domain.places import District
from commandcenter.domain.rosters import Roster, Shift
from commandcenter.operations.crew_shifts import CrewBook, rosters_of, to_calendar
from commandcenter.operations.shift_events import read_shifts
from commandcenter.operations.shift_rules import span_around
from commandcenter.operations.terminal import refusal_text
from commandcenter.server.errors import HttpProblem
from tests.kit.calendars import EARLY, GOOD, TODAY, calendar, day, moment
from tests.kit.district import reference

DISTRICT = District("d1", 1, "一区", "Asia/Shanghai", "YQ")
WEEK = timedelta(days=7)
BOOK = CrewBook.of((DISTRICT, *reference()))


def read(content: str | bytes) -> list[Roster]:
    """Returns the rosters of a file, now."""
    said = content if isinstance(content, bytes) else content.encode()
    return rosters_of(read_shifts(said, BOOK.zone, span_around(datetime.now(UTC))), BOOK)


def starts(content: str) -> list[datetime]:
    """Returns when the shifts of the one crew in the file start."""
    (roster,) = read(content)
    return [one.starts for one in roster.shifts]


@pytest.mark.parametrize(
    ("event", "shifts"),
    [
        (f"DTSTART;TZID=Asia/Tokyo:{day(1)}\nDURATION:PT8H", [moment(0, 23, 30)]),
        (f"DTSTART;TZID=China Standard Time:{day(1)}\nDURATION:PT8H", [moment(1, 0, 30)]),
        (f"DTSTART:{day(1, 'T083000Z')}\nDURATION:PT8H", [moment(1, 8, 30)]),
        (f"DTSTART;VALUE=DATE:{day(1, '')}", [moment(0, 16)]),
        (
            f"DTSTART:{day(1)}\nDURATION:PT8H\nRRULE:FREQ=DAILY;UNTIL={day(3, 'T003000Z')}",
            [moment(at, 0, 30) for at in (1, 2, 3)],
        ),
        (f"DTSTART:{day(1)}\nDURATION:PT8H\nRRULE:FREQ=DAILY;UNTIL={day(2, '')}", [moment(1, 0, 30), moment(2, 0, 30)]),
        (f"DTSTART:{day(1)}\nDURATION:PT8H\nRRULE:FREQ=YEARLY;BYYEARDAY={(TODAY - WEEK):%j}", [moment(1, 0, 30)]),
        (f"DTSTART:{day(1)}\nDURATION:PT8H\nRDATE:{day(4)}\nEXDATE;VALUE=DATE:{day(1, '')}", [moment(4, 0, 30)]),
    ],
)
def test_times_are_those_of_their_zone(event: str, shifts: list[datetime]) -> None:
    assert starts(calendar(event)) == shifts


def test_where_clocks_change_a_shift_stays_at_its_hour() -> None:
    until = datetime(2026, 11, 3, tzinfo=UTC)  # New York went back to winter time on 1 November
    content = calendar("DTSTART;TZID=America/New_York:20261030T083000\nDURATION:PT8H\nRRULE:FREQ=DAILY")
    (event,) = read_shifts(content.encode(), BOOK.zone, span_around(until)._replace(until=until))
    assert [one.starts.hour for one in event.shifts] == [12, 12, 13, 13]


def test_a_time_zone_of_the_file_itself_and_shifts_that_are_moved_and_cancelled() -> None:
    zone = "BEGIN:VTIMEZONE\nTZID:Hall\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300\n"
    text = calendar(
        f"UID:1\nDTSTART;TZID=Hall:{day(1)}\nDURATION:PT8H\nRRULE:FREQ=DAILY;COUNT=3",
        f"UID:1\nRECURRENCE-ID;TZID=Hall:{day(2)}\nDTSTART;TZID=Hall:{day(2, 'T120000')}\nDURATION:PT4H",
        f"UID:1\nRECURRENCE-ID;TZID=Hall:{day(3)}\nDTSTART;TZID=Hall:{day(3)}\nDURATION:PT4H\nSTATUS:CANCELLED",
    ).replace("BEGIN:VEVENT", f"{zone}END:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT", 1)
    assert starts(text) == [moment(1, 5, 30), moment(2, 9)]


def test_an_endless_rule_is_read_for_two_months() -> None:
    found = starts(calendar(f"{EARLY}\nRRULE:FREQ=WEEKLY"))
    assert len(found) in (8, 9)
    assert found[-1] < datetime.now(UTC) + timedelta(days=62)


def test_a_file_that_is_written_is_read_as_it_was() -> None:
    (roster,) = read(GOOD)
    made = CrewBook(BOOK.zone, BOOK.crews, {roster.id: roster})
    written = to_calendar(made, {})
    assert rosters_of(read_shifts(written, BOOK.zone, span_around(datetime.now(UTC))), made) == [roster]
    assert roster.shifts == tuple(Shift(moment(at, 0, 30), moment(at, 10)) for at in (1, 3))
    assert written == to_calendar(made, {})


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
@pytest.mark.parametrize(("until", "shifts"), [("99991231T235959Z", 62), ("00010101T000000Z", 1), ("99991231", 62)])
def test_a_rule_may_end_when_no_zone_reaches(zone: str, until: str, shifts: int) -> None:
    found = starts(calendar(f"DTSTART;TZID={zone}:{day(1)}\nDURATION:PT8H\nRRULE:FREQ=DAILY;UNTIL={until}"))
    assert abs(len(found) - shifts) <= (shifts > 1)


@pytest.mark.parametrize("rule", ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", "FREQ=WEEKLY;INTERVAL=2000"])
def test_a_rare_rule_is_no_refusal(rule: str) -> None:
    assert moment(1, 0, 30) in starts(calendar(f"{EARLY}\nRRULE:{rule}"))


@pytest.mark.parametrize("step", ["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=DAILY;INTERVAL=2"])
def test_a_rule_that_never_comes_true_is_refused_before_the_library_gives_up(step: str) -> None:
    spent = time.process_time()
    for _ in range(2):
        with pytest.raises(HttpProblem, match=r"Cannot be read"):
            read(calendar(f"{EARLY}\nRRULE:{step};BYMONTH=2;BYMONTHDAY=30"))
    assert time.process_time() - spent < 0.5  # the library alone takes seconds


MINUTES = ",".join(map(str, range(60)))
BAD = {
    "overlap": (calendar(EARLY, f"DTSTART:{day(1, 'T170000')}\nDTEND:{day(1, 'T230000')}"), "重叠", "一组 第 4、10 行"),
    "crew": (calendar(f"SUMMARY:九组\n{EARLY}"), "没有这个队组", "第 4 行 line 4 九组"),
    "name of two": (calendar(f"SUMMARY:一组\n{EARLY}"), "有几个队组叫这个名字", "第 4 行"),
    "backwards": (calendar(EARLY, f"DTSTART:{day(2)}\nDTEND:{day(1)}"), "在开始前就结束", "第 10 行"),
    "without an end": (calendar(f"DTSTART:{day(1)}"), "读不懂", "第 4 行 line 4 DTEND"),
    "secondly": (calendar(f"{EARLY}\nRRULE:FREQ=SECONDLY"), "重复规则读不懂", "第 4 行"),
    "never": (calendar(f"{EARLY}\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "重复规则读不懂", "第 4 行"),
    "no interval": (calendar(f"{EARLY}\nRRULE:FREQ=DAILY;INTERVAL=0"), "重复规则读不懂", "第 4 行"),
    "endless": (calendar(f"{EARLY}\nRRULE:FREQ=DAILY;INTERVAL=0;BYMONTH=2;BYMONTHDAY=1"), "读不懂", "第 4 行"),
    "no such monday": (calendar(f"{EARLY}\nRRULE:FREQ=MONTHLY;BYDAY=99MO"), "重复规则读不懂", "第 4 行"),
    "no such easter": (calendar(f"{EARLY}\nRRULE:FREQ=YEARLY;BYEASTER=9999999"), "重复规则读不懂", "第 4 行"),
    "until a comma": (calendar(f"{EARLY}\nRRULE:FREQ=DAILY;UNTIL=202701;1T000000Z"), "重复规则读不懂", "第 4 行"),
    "zone is a folder": (calendar(f"DTSTART;TZID=Asia:{day(1)}\nDURATION:PT8H"), "没有这个时区", "第 7 行 line 7 Asia"),
    "zone is long": (calendar(f"DTSTART;TZID={'A' * 5000}:{day(1)}\nDURATION:PT8H"), "没有这个时区", "第 7 行"),
    "no number": (calendar(f"{EARLY}\nRRULE:FREQ=DAILY;COUNT=-1"), "重复规则读不懂", "第 4 行"),
    "too often": (
        calendar(f"{EARLY}\nRRULE:FREQ=DAILY;BYMINUTE={MINUTES};BYSECOND={MINUTES}"),
        "重复的次数太多",
        "第 4 行",
    ),
    "too long": (
        calendar("DTSTART:19200101T080000\nDURATION:PT8H\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
        "重复的次数太多",
        "第 4 行",
    ),
    "zone": (calendar(f"DTSTART;TZID=Mars/Base:{day(1)}\nDURATION:PT8H"), "没有这个时区", "第 4 行 line 4 Mars/Base"),
    "date": (calendar("DTSTART:2026113T083000\nDURATION:PT8H"), "读不懂", "第 4 行 line 4 DTSTART"),
    "far off": (calendar("DTSTART:99991231T235959Z\nDURATION:PT8H"), "读不懂", "第 4 行 line 4 DTSTART"),
    "period": (calendar(f"{EARLY}\nRDATE;VALUE=PERIOD:{day(2, 'T003000Z')}/PT8H"), "读不懂", "第 4 行 line 4 RDATE"),
    "all further ones": (calendar(f"{EARLY}\nRECURRENCE-ID;RANGE=THISANDFUTURE:{day(1)}"), "读不懂", "第 4 行"),
    "years": (calendar(f"DTSTART:{day(1)}\nDURATION:P400D"), "超过两天", "第 4 行"),
    "member": (calendar(f"{EARLY}\nATTENDEE;CN=13812345678:invalid:nomail"), "不能是号码", "一组 第 4 行"),
    "no calendar": ("队组,开始,结束\n一组,08:30,18:00\n", "不是 iCalendar", ""),
    "other calendar": ("BEGIN:VCARD\nFN:x\nEND:VCARD\n", "不是 iCalendar", ""),
    "zone cut off": (GOOD.replace("END:VEVENT", "TZID:X\nEND:VTIMEZONE"), "不是 iCalendar", ""),
    "cut off": (GOOD[:-30], "不是 iCalendar", ""),
    "encoding": (GOOD.encode("gbk"), "UTF-8", "第 5 行"),
    "nothing": (calendar(), "没有班次", ""),
    "large": (GOOD.encode() + b"X" * 24_000_000, "文件太大", ""),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused_says_why_and_where(name: str) -> None:
    content, says, where = BAD[name]
    with pytest.raises(HttpProblem) as refused:
        read(content)
    told = refusal_text(refused.value.code, refused.value.about)
    assert says in told
    assert where in told
    assert "13812345678" not in told
