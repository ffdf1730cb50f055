"""Lights and times left at the current second, worked out case by case for the rows in view."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from commandcenter.domain.calendar import Calendar
from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.deadlines import limit_of
from commandcenter.domain.kinds import Kind
from commandcenter.domain.lights import Light, light, stopped_at
from ui.kit import records
from ui.kit.tables.row_paint import secondary_token
from ui.kit.texts import names, times
from ui.kit.texts.district_time import today
from ui.kit.texts.words import say, word
from ui.theme.paint import LIGHT_TIME

if TYPE_CHECKING:
    from commandcenter.store.board import Board

DAY = 86400.0


@dataclass(frozen=True, slots=True)
class CaseTime:
    """Where a case stands within its limit: the light and the seconds left (negative when overdue).

    `left`, the whole `limit` and one `day` are in seconds of the clock that counts: working time or around the clock.
    `limit` is the one under which the case was filed, whatever the rule says today. Both are None without a deadline,
    `limit` also for a case that was not filed. `is_stopped`: the case is reported or ended. `resting_due`: while the
    time that counts rests (outside working hours) the moment, in the district's zone, at which it is or was due.
    """

    light: str
    left: float | None
    limit: float | None
    day: float
    is_stopped: bool = False
    resting_due: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether its clock stands: outside working hours, or because it was reported or ended."""
        return self.is_stopped or self.resting_due is not None

    @property
    def share(self) -> float:
        """The used share of the limit (1: all of it, more when overdue); 0 without a limit, 1 of an empty one."""
        if self.left is None or self.limit is None:
            return 0.0
        return 1 - self.left / self.limit if self.limit > 0 else 1.0


class SecondClock:
    """A clock whose `now` changes only by `turn`, so that everything painted within one second agrees."""

    def __init__(self, board: Board, now: Callable[[], datetime]) -> None:
        self._board, self._tell = board, now
        self.now = now()
        self.year = self.now.year  # in the district's time zone
        self._weeks: dict[Calendar, tuple[float, datetime | None]] = {}
        self.turn()

    def turn(self) -> None:
        """Reads the platform's clock, to the second."""
        self.now = self._tell().replace(microsecond=0)
        self.year = today(self._board, self.now).year
        self._weeks = {}

    @property
    def resumes(self) -> datetime | None:
        """When the district's working time runs again; None while it runs, or while nothing is known of it."""
        calendar = self._board.cases.calendar
        return None if calendar is None else self._present(calendar)[1]

    def seconds(self) -> float:
        """Returns the current second as seconds since 1970."""
        return self.now.timestamp()

    def standing(self, case: Case) -> CaseTime:
        """Returns the light and the time left of `case` now."""
        shown = light(case, self.now)
        if case.due is None:
            return CaseTime(Light.NONE, None, None, DAY)
        stopped, calendar = stopped_at(case), self._counting(case)
        if calendar is None:
            left = (case.due - (stopped or self.now)).total_seconds()
            limit = (case.due - case.filed_at).total_seconds() if case.filed_at else None
            return CaseTime(shown, left, limit, DAY, stopped is not None)
        due = calendar.elapsed(case.due)
        left = due - (calendar.elapsed(stopped) if stopped else self._present(calendar)[0])
        limit = due - calendar.elapsed(case.filed_at) if case.filed_at else None
        at_rest = None if stopped else self.at_rest(case, case.due)
        return CaseTime(shown, left, limit, calendar.day_seconds(), stopped is not None, at_rest)

    def at_rest(self, case: Case, due: datetime) -> datetime | None:
        """Returns `due` in the district's zone while the time that counts for `case` rests; None while it runs."""
        calendar = self._counting(case)
        rests = calendar is not None and self._present(calendar)[1] is not None
        return due.astimezone(names.zone(self._board)) if rests else None

    def between(self, case: Case, since: datetime, until: datetime) -> float:
        """Returns the seconds from `since` to `until` by the clock that counts for `case`; negative if that is past."""
        calendar = self._counting(case)
        if calendar is None:
            return (until - since).total_seconds()
        begun, ended = (self._present(calendar)[0] if at == self.now else calendar.elapsed(at) for at in (since, until))
        return ended - begun

    def day(self, case: Case) -> int:
        """Returns the seconds of one day of the clock that counts for `case`."""
        calendar = self._counting(case)
        return int(DAY if calendar is None else calendar.day_seconds())

    def is_round_the_clock(self, case: Case) -> bool:
        """Whether the limit of `case` counts by day and night where others count in working time."""
        return self._board.cases.calendar is not None and self._counting(case) is None

    def _counting(self, case: Case) -> Calendar | None:
        """Returns the calendar by which time counts for `case`; None: it counts around the clock."""
        rule = limit_of(case, records.find(self._board, Kind, case.kind))
        is_urgent = rule is not None and rule.is_urgent
        return None if is_urgent else self._board.cases.week_of(case.basis.calendar_rev if case.basis else 0)

    def _present(self, calendar: Calendar) -> tuple[float, datetime | None]:
        """Returns the working seconds elapsed up to `now`, and when they run again if they rest; once per turn."""
        known = self._weeks.get(calendar)
        if known is None:
            known = self._weeks[calendar] = calendar.elapsed(self.now), calendar.resumes(self.now)
        return known


def stand_image(standing: CaseTime) -> str:
    """Returns the icon beside the time of a clock that stands: it has ended, or rests; "" while it runs."""
    if standing.is_stopped:
        return "check"
    return "timer-off" if standing.stands else ""


def time_text(standing: CaseTime, case: Case, now: datetime, *, brief: bool = False) -> str:
    """Returns the time as rows show it: "0:02:22" left, "超 1:12:40" overdue, "等 0:05:12" before filing.

    While the time that counts rests, it is the moment at which the case is or was due: "周五 17:30". `brief` leaves out
    what goes without saying beside a light: "1:12:40" overdue, "17:30" of today.
    """
    if standing.left is None and case.stage is Stage.RECEIVED:
        return say("等 {time}", time=times.span(max(0.0, (now - case.received_at).total_seconds())))
    if standing.left is None:
        return times.UNKNOWN
    if standing.resting_due is not None:
        return (times.near_clock if brief else times.near_moment)(standing.resting_due, now)
    if standing.light == Light.OVERDUE:  # in its first second it is 超 0:00:00
        late = times.span(max(0, math.floor(-standing.left)), day=int(standing.day))
        return late if brief else say("超 {time}", time=late)
    return times.left(_whole(standing.left), day=int(standing.day))


def time_token(standing: CaseTime, on: str = "") -> str:
    """Returns the token of that text on the ground `on`: that of its light only while the clock runs."""
    if standing.resting_due is not None:
        return "tx2"
    if standing.is_stopped or standing.left is None:
        return secondary_token(on)
    return LIGHT_TIME[standing.light]


def light_and_time(standing: CaseTime, case: Case, now: datetime) -> str:
    """Returns the light in a word with the time; an overdue time says so itself. No line ends within the time."""
    left = times.on_one_line(time_text(standing, case, now))
    if standing.resting_due is not None:
        return say("{light}，停表，限 {due}", light=word("light", standing.light), due=left)
    return left if standing.light == Light.OVERDUE else f"{word('light', standing.light)} {left}"


def _whole(seconds: float) -> float:
    """Rounds away from zero, so that the last second reads 0:00:01."""
    return math.ceil(seconds) if seconds >= 0 else math.floor(seconds)
