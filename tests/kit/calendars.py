"""iCalendar files of tests, whose shifts are some days after today in the district's time zone (+8)."""

from datetime import UTC, datetime, timedelta

TODAY = datetime.now(UTC).date()


def calendar(*events: str) -> str:
    """Returns an iCalendar file; each event is its lines, after that of its crew in the east street."""
    crew = "SUMMARY:一组\nLOCATION:east\n"
    body = "".join(f"BEGIN:VEVENT\n{'' if 'SUMMARY' in one else crew}{one}\nEND:VEVENT\n" for one in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//\n{body}END:VCALENDAR\n"


def day(number: int, clock: str = "T083000") -> str:
    """Returns a moment, so many days after today."""
    return f"{TODAY + timedelta(days=number):%Y%m%d}{clock}"


def moment(number: int, hour: int, minute: int = 0) -> datetime:
    """Returns a moment in UTC, so many days after today."""
    return datetime(TODAY.year, TODAY.month, TODAY.day, hour, minute, tzinfo=UTC) + timedelta(days=number)


EARLY = f"DTSTART:{day(1)}\nDTEND:{day(1, 'T180000')}"
GOOD = calendar(f'{EARLY}\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:{day(2)}\nATTENDEE;CN="王强":invalid:nomail')
