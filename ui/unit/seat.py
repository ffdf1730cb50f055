"""The unit's seat: inbox and own crews at the left, a case with large buttons and its history, the map of its place."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSplitter, QWidget

from commandcenter.domain.cases import Case
from commandcenter.domain.facts import Fact
from commandcenter.store.board import Board
from commandcenter.store.touched import Touched
from ui.kit import records
from ui.kit.case_parts.case_history import CaseHistory
from ui.kit.case_parts.case_lines import shows
from ui.kit.case_parts.clock import SecondClock
from ui.kit.feedback.missing_case import tell_missing
from ui.kit.feedback.states import StateCard
from ui.kit.labels.label import Retranslated, line
from ui.kit.layouts import hbox, laid_out, vbox
from ui.kit.seat.focus import Focus
from ui.kit.seat.follow import Follow
from ui.kit.texts import times
from ui.kit.texts.words import Words, phrase
from ui.theme import filled
from ui.unit.case import PADDING, UnitCase
from ui.unit.day import DayStrip
from ui.unit.day_count import DayCount
from ui.unit.inbox import UnitInbox
from ui.unit.own_crews import OwnCrews

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

LIST, SIDE = 440, 640
LEAST_COURSE = 130  # pixels


class UnitSeat(Retranslated, QWidget):
    """The whole seat; `act(name)` triggers an action of the registry, `tell` returns a fact as text.

    `spot` is the map that shows the case's place.
    """

    def __init__(
        self,
        desk: "Desk",
        *,
        follow: Follow,
        focus: Focus,
        clock: SecondClock,
        act: Callable[[str], object],
        tell: Callable[[Board, Fact], Words],
        spot: QWidget,
    ) -> None:
        super().__init__()
        self._desk, self._focus = desk, focus
        filled(self, surface="bg1")
        self.inbox = UnitInbox(desk, follow=follow, focus=focus, clock=clock)
        self.crews = OwnCrews(desk)
        self.case = UnitCase(desk, clock=clock, act=act)
        self.course = CaseHistory(desk, tell)
        self._nothing = StateCard()
        self.day = DayStrip()
        self.count = DayCount(desk, follow=follow, midnight=self.inbox.midnight, parent=self)
        self._place(spot)
        follow.touched.connect(self._touch)
        follow.second.connect(self._turn)
        focus.changed.connect(self._look)
        self.inbox.counted.connect(lambda _counts: self._show_day())
        self.count.changed.connect(self._show_day)
        self._show_day()
        self.crews.show_now()
        self._look(focus.case or "", "")
        self.inbox.choose_first()

    def retell(self) -> None:
        self.crews.show_now()
        self._show()

    def _place(self, spot: QWidget) -> None:
        self._side = spot
        course = laid_out(vbox(None, self.course, margins=(PADDING, 12, PADDING, 8)))
        course.setMinimumHeight(LEAST_COURSE)
        told = vbox(None, self.case.body, line("h"), (course, 1))
        below = hbox(None, (told, 1), line("v", strong=True), self._side)
        self._whole = laid_out(vbox(None, self.case, line("h"), (laid_out(below), 1)))
        right = laid_out(vbox(None, (self._whole, 1), (self._nothing, 1), self.day))
        split = QSplitter()
        split.setChildrenCollapsible(False)
        split.addWidget(laid_out(vbox(None, (self.inbox, 1), self.crews)))
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([LIST, 1480])
        vbox(self, split, spacing=-1)

    def _show_day(self) -> None:
        calendar = self._desk.board.cases.calendar
        working_day = times.DAY if calendar is None else calendar.day_seconds()
        returning = self.inbox.counts["returns"]
        self.day.show_day(self.count.figures(), returning=returning, working_day=working_day)

    def _touch(self, touched: Touched) -> None:
        if touched.concerns("case"):
            self._show_day()
        if touched.concerns("crew"):
            self.crews.show_now()
        case = self._chosen()
        if self._focus.case and (touched.concerns("case", self._focus.case) if case is None else shows(touched, case)):
            self._show()

    def _look(self, key: str, _by: str) -> None:
        self._desk.lookup.look_at(key or None)
        self._show()

    def _turn(self) -> None:
        self.crews.show_now()
        case = self._chosen()
        if case is not None:
            self.case.show_time(case)

    def _chosen(self) -> Case | None:
        return records.find(self._desk.board, Case, self._focus.case)

    def _show(self) -> None:
        case = self._chosen()
        self._whole.setVisible(case is not None)
        self._nothing.setVisible(case is None)
        if case is None:
            self._say_nothing()
        if case is not None:
            self.case.show_case(case)
            self.course.show_case(case)

    def _say_nothing(self) -> None:
        """Shows why no case is shown: the chosen one is missing, there is none, or none is chosen."""
        if self._focus.case is not None:
            tell_missing(self._nothing, self._desk.board.fetched.why_missing)
            return
        if self.inbox.model.rowCount():
            title, text = phrase("没有选中的案件"), phrase("左边选一件，按 ↑ ↓ 走，按键办理。")
        else:
            title, text = phrase("现在没有要办的"), phrase("新派来的案件会出现在左边，先签收再办理。")
        self._nothing.tell("empty", title, text, image="inbox")

    def resizeEvent(self, event: object) -> None:
        """Keeps the right part at its share of the width, between 300 pixels and SIDE."""
        self._side.setFixedWidth(max(300, min(SIDE, round(self.width() * 0.33))))
