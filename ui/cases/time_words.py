"""Words about the clock of the queue: why a case's time stands, and until when working time rests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.cases.texts import stage_word
from ui.kit.case_parts.clock import SecondClock, time_text
from ui.kit.texts.district_time import brief_moment
from ui.kit.texts.words import Phrase, phrase, say

if TYPE_CHECKING:
    from datetime import datetime

    from commandcenter.domain.cases import Case
    from commandcenter.store.board import Board


def in_row(clock: SecondClock, case: Case) -> str:
    """Returns the time of `case` as its row shows it; marked where it runs by day and night, unlike that of others."""
    standing = clock.standing(case)
    told = time_text(standing, case, clock.now)
    is_marked = clock.is_round_the_clock(case) and standing.left is not None and standing.left > 0
    return say("昼夜 {time}", time=told) if is_marked else told


def explained(board: Board, clock: SecondClock, case: Case) -> str:
    """Returns the time of `case` as its row shows it; where the clock stands with the reason, and when it is due."""
    standing = clock.standing(case)
    told = in_row(clock, case)
    if not standing.stands or case.due is None:
        return told
    due = brief_moment(board, case.due, clock.now)
    if standing.is_stopped:
        return say("{time}，{stage}，计时已止，限 {due}", time=told, stage=stage_word(case), due=due)
    return say("停表，{due} 已到期", due=due) if case.due < clock.now else say("停表，限 {due}", due=due)


def rest_words(board: Board, resumes: datetime, now: datetime) -> tuple[Phrase, Phrase]:
    """Returns until when working time rests, in full and as short as it goes."""
    runs = brief_moment(board, resumes, now)
    return phrase("休息，{moment} 起走", moment=runs), phrase("{moment} 起走", moment=runs)
