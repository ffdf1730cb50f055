"""What the deadline horizon says of its ticks and of a span of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ui.kit.case_parts.clock import SecondClock, time_text
from ui.kit.texts import names, times
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commandcenter.domain.cases import Case
    from commandcenter.store.board import Board

MOST = 5  # cases told one by one


class HorizonWords:
    """Says when cases of the board are due, as of the current second of `clock`."""

    def __init__(self, board: Board, clock: SecondClock) -> None:
        self._board, self._clock = board, clock

    def moment(self, at: float) -> str:
        """Returns a moment (seconds since 1970) as "16:46", on another day "周三 08:46"."""
        return times.near_clock(datetime.fromtimestamp(at, names.zone(self._board)), self._clock.now)

    def cases(self, cases: Sequence[Case], count: int) -> str:
        """Returns a line for each of `cases`, the first of `count`, and one for the others."""
        lines = [f"{self._when(case)}  {tail(case)} {names.title(self._board, case)}" for case in cases[:MOST]]
        return "\n".join([*lines, say("另 {n} 件", n=f"{count - len(lines):,}")] if count > len(lines) else lines)

    def span(self, since: float, until: float, count: int) -> str:
        """Returns how many fall due within a span."""
        zone = names.zone(self._board)
        ends = datetime.fromtimestamp(since, zone), datetime.fromtimestamp(until, zone)
        return say("{span} 到期 {n} 件", span=times.near_span(*ends, self._clock.now), n=f"{count:,}")

    def _when(self, case: Case) -> str:
        if case.due is None or case.due < self._clock.now:
            return time_text(self._clock.standing(case), case, self._clock.now)
        return self.moment(case.due.timestamp())
