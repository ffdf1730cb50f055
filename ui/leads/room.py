"""The room 主协办: it reads the board while it is open, and shows cases by coordination, filters and who could help."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from commandcenter.domain.cases import Case
from commandcenter.domain.tasks import Task
from commandcenter.store.touched import Touched
from commandcenter.sync.connection import State
from ui.kit import records
from ui.kit.case_parts.seat import Ask, Give, LiveSeat
from ui.kit.controls.buttons import NextStep
from ui.kit.feedback.states import Skeleton, StateCard
from ui.kit.labels.label import line
from ui.kit.layouts import hbox, stacked, vbox
from ui.kit.panels.cover import Cover
from ui.kit.search.case_matching import CaseMatching
from ui.kit.seat.known import is_known
from ui.kit.seat.tasks import spawn
from ui.kit.texts.words import phrase
from ui.leads.acts import Acts
from ui.leads.columns import columns
from ui.leads.dragging import Dragging
from ui.leads.head import LeadsHead
from ui.leads.matching import called
from ui.leads.offers import Offer, Offers
from ui.leads.reading import Reading, read
from ui.leads.side import LeadsSide
from ui.leads.view import BoardView
from ui.leads.wording import Wording

NAME = "leads"
SIDE, SIDE_LEAST, SIDE_SHARE = 420, 300, 0.226  # pixels in wide windows; in smaller ones a share of the width
ON_THE_WAY = (State.STARTING, State.CONNECTING, State.SNAPSHOT)


class LeadsRoom(Cover):
    """Covers the area between the window's bars while it is open; it shares the seat's chosen case."""

    def __init__(self, seat: LiveSeat, *, give: Give, ask: Ask, parent: QWidget | None = None) -> None:
        """`give` has commands of a case given, `ask` a step after what it needs was asked for."""
        super().__init__(parent)
        self._seat, self._desk = seat, seat.desk
        self._wording = Wording(seat.desk.board, seat.clock)
        self._matching = CaseMatching(seat.desk.board, called)
        self._acts, offers = Acts(seat, give, ask), Offers(seat.desk)
        self._reading = Reading(seat.clock.now, (), ())
        self.head = LeadsHead()
        self.view = BoardView(self._wording, offers, self)
        self.opened = self.view.opened
        self.side = LeadsSide(seat.desk, self._wording, offers)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # the keyboard is here while there are no cards
        self._empty, self._loading = StateCard(), Skeleton(rows=24)
        self._shown = stacked(None, self.view, self._empty, self._loading)
        hbox(self, (vbox(None, self.head, (self._shown, 1)), 1), line("v", strong=True), self.side)
        self.dragging = Dragging(seat.desk.board, self.view, self)
        self._wire()

    def enter(self, item: str | None) -> None:
        """Reads the board, and goes to the case `item` or the chosen one."""
        self.refresh()
        self.view.choose_case(item or self._seat.focus.case)
        self._show_side()
        self.take_focus()

    def stand_alone(self, out: bool) -> None:
        super().stand_alone(out)
        self.head.tool.show_out(out)

    def take_focus(self) -> None:
        """Moves the keyboard focus to the board."""
        (self.view if self.view.isVisibleTo(self) else self).setFocus()

    def leave(self) -> None:
        self.dragging.cancel()
        super().leave()

    def close_following(self) -> None:
        """Disconnects from the signals outside that `_wire` connected, hides and deletes the room."""
        self._seat.follow.touched.disconnect(self._touch)
        self._seat.follow.second.disconnect(self._turn)
        self._seat.focus.changed.disconnect(self._choose)
        super().close_following()

    def refresh(self, touched: frozenset[str] | None = None) -> None:
        """Reads the board again; with the cases `touched`, only what changed is painted."""
        self._reading = read(self._desk.board, self._seat.clock.now)
        self.head.show_reading(self._reading, is_known=is_known(self._desk))
        tab, matches = self.head.tab, self._matching.of(self.head.typed)
        self.view.show_columns(columns(self._reading, tab, matches), tab, touched)
        self._tell_empty()

    def _wire(self) -> None:
        self._seat.follow.touched.connect(self._touch)
        self._seat.follow.second.connect(self._turn)
        self._seat.focus.changed.connect(self._choose)
        self.head.changed.connect(self.refresh)
        self.head.left.connect(self.take_focus)
        self.view.chosen.connect(lambda case: self._seat.focus.choose(case, by=NAME))
        self.side.taken.connect(self._carry_out)
        self.side.advised.connect(self._show_side)
        self.side.asked.connect(lambda name: spawn(self._acts_here.step(name), name=f"leads: {name}"))
        self.head.tool.clicked.connect(lambda _on=False: self.window_asked.emit(""))
        self.side.bodies.dragged.connect(self.dragging.drag)
        self.side.bodies.dropped.connect(self._drop)

    def _tell_empty(self) -> None:
        """Says why there are no cards, where there are none."""
        if any(column.cards for column in self.view.columns):
            self._shown.setCurrentWidget(self.view)
            self._choose_first()
        elif self._reading.cards:
            self._shown.setCurrentWidget(self._empty)
            everything = NextStep(phrase("看全部"), self.head.show_all)
            self._empty.tell("empty", phrase("这里没有符合的案件"), image="list-filter", steps=(everything,))
        elif self._desk.connection.state in ON_THE_WAY and not len(self._desk.board.cases):
            self._shown.setCurrentWidget(self._loading)
            self._loading.tell(phrase("正在取案件"))
        else:
            self._shown.setCurrentWidget(self._empty)
            text = phrase("上报到区级或定了主办的案件会出现在这里。")
            self._empty.tell("empty", phrase("没有区级统筹的案件"), text)

    def _choose_first(self) -> None:
        """Moves the keyboard to the cards that came; without a chosen case the most urgent one is chosen."""
        if self.hasFocus():
            self.view.setFocus()
        if self._seat.focus.case is None and not self.isHidden():
            self.view.go_to(next(column.cards[0].id for column in self.view.columns if column.cards))

    def _show_side(self) -> None:
        self.side.show_case(records.find(self._desk.board, Case, self._seat.focus.case))

    @property
    def _acts_here(self) -> Acts:
        """What asks in the window in which the room stands."""
        return replace(self._acts, seat=self._seat.over(self.window()))

    def _carry_out(self, offer: Offer) -> None:
        spawn(self._acts_here.carry_out(offer), name="leads: offer")

    def _drop(self) -> None:
        offer = self.dragging.drop()
        if offer is not None:
            self._carry_out(offer)

    def _touch(self, touched: Touched) -> None:
        if self.isHidden() or touched.is_telemetry:
            return
        cases = touched.ids("case")
        tasks = touched.ids("task") or frozenset()
        parts = (records.find(self._desk.board, Task, key) for key in tasks)
        self.refresh(None if cases is None else cases | {task.case for task in parts if task is not None})
        self._show_side()

    def _turn(self) -> None:
        if self.isHidden():
            return
        self.view.turn()
        case = records.find(self._desk.board, Case, self._seat.focus.case)
        if case is not None:
            self.side.turn(case)

    def _choose(self, case: str, by: str) -> None:
        if self.isHidden():
            return
        if by != NAME:
            self.view.choose_case(case)
        self._show_side()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.dragging.is_on:
            self.dragging.cancel()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.side.setFixedWidth(max(SIDE_LEAST, min(SIDE, round(self.width() * SIDE_SHARE))))
