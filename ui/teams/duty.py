"""What is said of a crew's roster: until when it is on duty, when it is next, and who is in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from commandcenter.domain.rosters import Duty, DutyState, Roster
from commandcenter.domain.teams import Crew
from ui.kit import records
from ui.kit.case_parts.proposing import duty_of
from ui.kit.texts import district_time, times
from ui.kit.texts.words import say

if TYPE_CHECKING:
    from commandcenter.store.board import Board

TONES = {DutyState.ENDING: "warn", DutyState.BEYOND: "bad", DutyState.EARLY: "warn", DutyState.MISSING: "warn"}
QUIET = "tx3"
_WEEK = timedelta(days=7)


class Stands(NamedTuple):
    """How a crew stands to its roster, "" for nothing, in which tone, and `brief` where that has no room ("": none)."""

    said: str = ""
    tone: str = QUIET
    brief: str = ""


UNTOLD = Stands()


def tag(board: Board, crew: Crew, now: datetime) -> Stands:
    """Returns how the crew stands to its roster, as short as a row has room for."""
    duty = duty_of(board, crew, now)
    if duty is None:
        return UNTOLD
    brief = "" if duty.state is not DutyState.OFF or duty.next is None else _brief(board, duty.next.starts, now)
    return Stands(_tag(board, duty, now), TONES.get(duty.state, QUIET), brief)


def sentence(board: Board, crew: Crew, now: datetime) -> str:
    """Returns how the crew stands to its roster: "当班至 18:00 · 下一班 明日 08:30"; "" when that says nothing."""
    duty = duty_of(board, crew, now)
    if duty is None:
        return ""
    following = "" if duty.next is None else say("下一班 {at}", at=moment(board, duty.next.starts, now))
    return " · ".join(filter(None, (_present(board, duty, now), following)))


def members(board: Board, crew: Crew) -> str:
    """Returns the names of who is in the crew; "" when they are not known."""
    roster = records.find(board, Roster, crew.id)
    return "" if roster is None or roster.retired else say("、").join(roster.members)


def moment(board: Board, at: datetime, now: datetime) -> str:
    """Returns when that is: "18:00", "明日 08:30", "12-02 08:30"."""
    if district_time.today(board, at) == district_time.today(board, now) + timedelta(days=1):
        return say("明日 {clock}", clock=district_time.clock(board, at, seconds=False))
    return district_time.brief_moment(board, at, now)


def _tag(board: Board, duty: Duty, now: datetime) -> str:
    if duty.state is DutyState.BEYOND:
        return say("超时在岗")
    if duty.state is DutyState.EARLY:
        return say("提前在岗")
    if duty.state is DutyState.OFF:
        return "" if duty.next is None else say("{at} 起", at=moment(board, duty.next.starts, now))
    assert duty.shift is not None
    if duty.state is DutyState.ENDING:
        return say("还有 {n} 分", n=times.whole_minutes((duty.shift.ends - now).total_seconds()))
    until = moment(board, duty.shift.ends, now)
    return say("应在岗") if duty.state is DutyState.MISSING else say("至 {until}", until=until)


def _brief(board: Board, at: datetime, now: datetime) -> str:
    """Returns from when on a crew is on duty, with the day of the week: "周三 08:30 起"; "" where that is not clear."""
    day = district_time.today(board, at)
    if not timedelta(0) < day - district_time.today(board, now) < _WEEK:
        return ""
    return say("{at} 起", at=f"{times.weekday(day)} {district_time.clock(board, at, seconds=False)}")


def _present(board: Board, duty: Duty, now: datetime) -> str:
    if duty.state is DutyState.OFF:
        return say("下班")
    if duty.state is DutyState.EARLY:
        return say("提前在岗")
    assert duty.shift is not None
    ends = moment(board, duty.shift.ends, now)
    match duty.state:
        case DutyState.ENDING:
            return say(
                "{ends} 下班，还有 {n} 分", ends=ends, n=times.whole_minutes((duty.shift.ends - now).total_seconds())
            )
        case DutyState.BEYOND:
            over = times.in_words((now - duty.shift.ends).total_seconds())
            return say("超时在岗 {over}（{ends} 下班）", over=over, ends=ends)
        case DutyState.MISSING:
            return say("应当班至 {ends}，没有到岗", ends=ends)
    return say("当班至 {ends}", ends=ends)
