"""The chosen case on the map: its words and its time left, and the crews nearest to it with the keys that send them."""

from __future__ import annotations

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import STEPS
from commandcenter.domain.commands.crew_dispatch import crew_commands
from ui.kit import records
from ui.kit.case_parts.clock import SecondClock, time_text
from ui.kit.case_parts.near_crews import Near, nearest_crews
from ui.kit.command_line.saying import line_of
from ui.kit.seat.context import SeatContext
from ui.kit.texts import names
from ui.kit.texts.crews import crew_name
from ui.kit.texts.words import say, term
from ui.map.content import NearCrew
from ui.map.view import MapView

DISPATCH = "dispatch"  # the step for which the line at the foot of a case proposes a crew


class ChosenCase:
    """Tells `view` of the case that is chosen; with `lights_crews` also of the crews nearest to it."""

    def __init__(self, seat: SeatContext, view: MapView) -> None:
        self._board, self._desk, self._focus, self._view = seat.desk.board, seat.desk, seat.focus, view
        self._lines = seat.lines
        self._clock = SecondClock(self._board, seat.desk.now)
        self._near: tuple[Near, ...] = ()
        self.slot = -1  # of the chosen case in the board's columns; -1 without one
        self.lights_crews = False

    def show(self, *, look: bool) -> None:
        """Rings the case that is chosen now; with `look` brings it into sight."""
        case, self.slot = self._case(), self.slot_now()
        if case is None or self.slot < 0:
            self._view.select(None)
        else:
            self._view.select(self.slot, names.heading(self._board, case), left=self._left(case), look=look)
        self.offer()

    def slot_now(self) -> int:
        """Returns the slot of the case that is chosen now; -1 without one."""
        slot = self._board.cases.slot(self._focus.case) if self._focus.case else None
        return -1 if slot is None else slot

    def turn(self) -> None:
        """Tells the time left, which goes on each second, and which of the crews is proposed now."""
        case = self._case()
        if case is not None and self.slot >= 0:
            self._view.tell_left(self._left(case))
            self._tell_near(case)

    def offer(self) -> None:
        """Tells which crews are the nearest."""
        case = self._case() if self.lights_crews and self.slot >= 0 else None
        self._near = () if case is None else nearest_crews(self._board, case, self._desk.now())
        self._tell_near(case)

    def line(self, key: int) -> str:
        """Returns how the command line sends the crew with the key `key`, from 1; "" where that cannot be said."""
        case = self._case()
        if case is None or not 0 < key <= len(self._near):
            return ""
        return line_of(self._board, crew_commands(case, (self._near[key - 1].crew,)))

    def _case(self) -> Case | None:
        return records.find(self._board, Case, self._focus.case)

    def _left(self, case: Case) -> str:
        self._clock.turn()
        return time_text(self._clock.standing(case), case, self._clock.now)

    def _tell_near(self, case: Case | None) -> None:
        """Tells of the nearest crews, and which of them the line at the foot of the case proposes."""
        offered = self._lines.offered(case.id, DISPATCH) if case is not None and self._near else ()
        proposed = {getattr(command, "crew", None) for command in offered}
        self._view.offer_crews([self._told(one, is_proposed=one.crew.id in proposed) for one in self._near])

    def _told(self, near: Near, *, is_proposed: bool) -> NearCrew:
        crew, way = near.crew, say("{km} km", km=f"{near.metres / 1000:.1f}")
        also = STEPS[DISPATCH].entry.key if is_proposed else ""
        return NearCrew(crew.id, crew_name(self._board, crew), str(term("status", crew.status)), way, also)
