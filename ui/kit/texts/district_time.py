"""Times as they are read in the board's district: the clock and the days of its time zone."""

from datetime import date, datetime

from commandcenter.store.board import Board
from ui.kit.texts import names, times


def today(board: Board, now: datetime) -> date:
    """Returns the date in the district at `now`."""
    return now.astimezone(names.zone(board)).date()


def clock(board: Board, at: datetime, *, seconds: bool = True) -> str:
    """Returns the time of day, "15:42:08" or "15:42"."""
    return times.clock(at, names.zone(board), seconds=seconds)


def moment(board: Board, at: datetime, now: datetime) -> str:
    """Returns day and time as "今日 15:44", or "11-25 09:00" on another day than that of `now`."""
    return times.moment(at, names.zone(board), today=today(board, now))


def day(board: Board, at: datetime, now: datetime) -> str:
    """Returns the day as "11-24", with the year only when it is not that of `now`: "2025-11-24"."""
    return times.day(at, names.zone(board), today=today(board, now))


def brief_moment(board: Board, at: datetime, now: datetime) -> str:
    """Returns the time as "15:44", on another day than that of `now` after its date: "11-25 09:00"."""
    return other_day(board, at, now) + clock(board, at, seconds=False)


def other_day(board: Board, at: datetime, now: datetime) -> str:
    """Returns the day with a space after it, to stand before a time; "" on the day of `now`."""
    return "" if today(board, at) == today(board, now) else f"{day(board, at, now)} "
