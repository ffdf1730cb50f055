"""The room 队伍: it reads the board while it is open, and shows lanes, filters and what to do next."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from commandcenter.domain.cases import Case
from commandcenter.domain.records import KIND_OF
from commandcenter.store.touched import Touched
from ui.kit import records
from ui.kit.case_parts.seat import Ask, Give, LiveSeat
from ui.kit.controls.buttons import NextStep
from ui.kit.controls.menus import drop
from ui.kit.feedback.states import StateCard
from ui.kit.labels.label import line
from ui.kit.layouts import hbox, stacked, vbox
from ui.kit.panels.cover import Cover
from ui.kit.panels.window_tool import KEY
from ui.kit.seat.context import SeatContext
from ui.kit.seat.tasks import spawn
from ui.kit.texts.words import phrase, say
from ui.teams.acts import Acts
from ui.teams.head import TeamsHead
from ui.teams.loans import lend
from ui.teams.matching import Matching
from ui.teams.offers import Offer, Offers
from ui.teams.reading import Reading, changed_crews, read, read_crews
from ui.teams.side import TeamsSide
from ui.teams.targets import Targets
from ui.teams.view import LaneView
from ui.teams.words import Wording

NAME = "teams"
SIDE, SIDE_LEAST = 380, 296  # pixels in wide windows; in smaller ones about a quarter of the width
PAUSE = 80  # milliseconds at least between two changes that are shown
NARROW = 1180  # pixels of width below which the side is hidden


class TeamsRoom(Cover):
    """Covers the area between the window's bars while it is open; it shares the seat's chosen case."""

    def __init__(
        self, seat: LiveSeat, *, give: Give, ask: Ask, parent: QWidget | None = None, street: str | None = None
    ) -> None:
        """`give` has commands of a case given, `ask` a step after what it needs was asked for.

        `street` is the one whose lane is shown; None: all that the seat sees.
        """
        super().__init__(parent)
        self._lane = street
        self._seat, self._desk = seat, seat.desk
        self._wording = Wording(seat.desk.board, seat.clock)
        self._heard = Touched()
        self._pause = QTimer(self, interval=PAUSE, singleShot=True)
        self._matching = Matching(seat.desk.board)
        self._reading = read(seat.desk.board, seat.clock.now, self._street)
        self._acts, self._offers = Acts(seat, give, ask), Offers(seat.desk)
        self.head = TeamsHead()
        self.view = LaneView(self._wording, Targets(seat.desk.board, self._offers), self)
        self.opened = self.view.opened
        self.side = TeamsSide(seat.desk, self._wording, self._offers)
        self._empty = StateCard()
        self._shown = stacked(None, self.view, self._empty)
        lanes = vbox(None, self.head, (self._shown, 1))
        hbox(self, (lanes, 1), line("v", strong=True), self.side)
        self._wire()

    def enter(self, item: str | None) -> None:
        """Reads the board, and goes to the case `item` or the chosen one."""
        self.refresh()
        self.view.choose_case(item or self._seat.focus.case)
        if not (item or self._seat.focus.case):
            self.view.choose_crew(self._seat.focus.crew)
        self.take_focus()

    def stand_alone(self, out: bool) -> None:
        super().stand_alone(out)
        self.head.tool.show_out(out)

    def take_focus(self) -> None:
        """Moves the keyboard focus to the lanes."""
        self.view.setFocus()

    def close_following(self) -> None:
        """Disconnects from the signals outside that `_wire` connected, hides and deletes the room."""
        self._seat.follow.touched.disconnect(self._touch)
        self._seat.follow.second.disconnect(self._turn)
        self._seat.focus.changed.disconnect(self._choose)
        self._seat.focus.crew_changed.disconnect(self._choose_crew)
        super().close_following()

    def refresh(self, touched: frozenset[str] | None = None) -> None:
        """Reads the board again; with `touched`, only what changed is painted."""
        self._show(read(self._desk.board, self._seat.clock.now, self._street), touched)

    def _show(self, reading: Reading, touched: frozenset[str] | None) -> None:
        self.view.show_reading(reading, self._matching.narrowing(self.head.tab, self.head.typed), touched)
        self._tell_empty(reading)
        self._show_beside(reading)

    def _show_beside(self, reading: Reading) -> None:
        """Shows the reading everywhere but in the lanes."""
        self._reading = reading
        self._offers.show(reading)
        self.head.show_reading(reading)
        self._show_side()

    @property
    def _street(self) -> str | None:
        """The street that the room shows; None for all."""
        person = self._desk.person
        return self._lane or (person.scope.street if person else None)

    def _wire(self) -> None:
        self._seat.follow.touched.connect(self._touch)
        self._seat.follow.second.connect(self._turn)
        self._seat.focus.changed.connect(self._choose)
        self._seat.focus.crew_changed.connect(self._choose_crew)
        self._pause.timeout.connect(self._catch_up)
        self.head.changed.connect(self.refresh)
        self.head.left.connect(self.take_focus)
        self.view.dropped.connect(self._carry_out)
        self.side.taken.connect(self._carry_out)
        self.side.lent.connect(lambda command: spawn(lend(self._here, command), name="teams: a loan"))
        self.head.tool.clicked.connect(lambda _on=False: self._choose_window())
        self.view.window_asked.connect(self.window_asked)
        self.view.moved.connect(self._move)
        self.view.crew_reached.connect(self._reach_crew)
        self.view.chosen.connect(lambda case: self._seat.focus.choose(case, by=NAME))

    def _tell_empty(self, reading: Reading) -> None:
        """Says why there are no lanes, where there are none."""
        self._shown.setCurrentWidget(self.view if self.view.lanes else self._empty)
        if not reading.streets:
            self._empty.tell("empty", phrase("还没有街镇的单位"), phrase("取到首个快照后，这里是各街镇的单位和队组。"))
        elif not self.view.lanes:
            everything = NextStep(phrase("看全部"), self.head.show_all)
            self._empty.tell("empty", phrase("没有符合的案件或队组"), steps=(everything,))

    def _show_side(self) -> None:
        if self.side.isVisibleTo(self):
            self.side.show_reading(self._reading, records.find(self._desk.board, Case, self._seat.focus.case))

    @property
    def _here(self) -> SeatContext:
        """The seat in the window in which the room stands."""
        return self._seat.over(self.window())

    def _carry_out(self, offer: Offer) -> None:
        spawn(replace(self._acts, seat=self._here).carry_out(offer), name="teams: drop")

    def _choose_window(self) -> None:
        """Asks what is to go to a window of its own, all or the lane of a street; what is out goes back."""
        if self.is_out:
            self.window().close()
            return
        menu = QMenu(self)
        menu.addAction(f"{say('整个看板')}\t{KEY}", lambda: self.window_asked.emit(""))
        menu.addSeparator()
        for street in filter(None, self._reading.streets):
            menu.addAction(self._wording.street(street), partial(self.window_asked.emit, street))
        drop(menu, self.head.tool)

    def _move(self, key: str, by: int) -> None:
        """Moves a case up or down in the queue of its holder."""
        case = records.find(self._desk.board, Case, key)
        place = -1 if case is None else self._offers.place_of(case) + by
        if case is not None and case.responsible is not None and place >= 0:
            self._carry_out(self._offers.reorder(case, place))

    def _touch(self, touched: Touched) -> None:
        """Shows a change at once, and those that follow it closely together; what devices report, with the second."""
        self._heard = Touched() if self.isHidden() else self._heard | touched
        if not self._pause.isActive():
            self._catch_up()

    def _catch_up(self) -> None:
        if not self._heard.is_telemetry:
            heard, self._heard = self._heard, Touched()
            looks_new = heard.ids(KIND_OF[Case].name) is None  # names and limits have changed
            self.refresh(None if looks_new else frozenset(key for _, key in heard.refs))
            self._pause.start()

    def _turn(self) -> None:
        if self.isHidden():
            return
        self._catch_up()
        before, self._heard = self._reading, Touched()
        after = read_crews(self._desk.board, self._seat.clock.now, before, self._street)
        changed = changed_crews(before, after)
        if changed or after.held is not before.held or self.head.tab == "strained":
            self._show(after, changed)
        else:
            self.view.flashes.follow(after)
            self._show_beside(after)
        self.view.turn()

    def _choose(self, case: str, by: str) -> None:
        if self.isHidden():
            return
        if by != NAME:
            self.view.choose_case(case)
        self._show_side()

    def _reach_crew(self, crew: str) -> None:
        self.side.show_crew(crew)
        if crew:
            self._seat.focus.choose_crew(crew, by=NAME)

    def _choose_crew(self, crew: str, by: str) -> None:
        if by != NAME and not self.isHidden():
            self.view.choose_crew(crew)

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self.width()
        self.side.setFixedWidth(max(SIDE_LEAST, min(SIDE, round(width * 0.24))))
        self.side.setVisible(width >= NARROW)
