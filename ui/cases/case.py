"""The case panel 案件: its head, one scroll of all that is known of it, and at the foot what comes next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from commandcenter.domain.awaiting import awaited_step
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import STEPS
from commandcenter.store.fetched import ASKING
from commandcenter.store.touched import Touched
from ui.cases.acts import act
from ui.cases.case_application import ANSWERS, ApplicationBox
from ui.cases.case_facts import case_facts
from ui.cases.case_head import CaseHead
from ui.cases.case_steps import CaseSteps
from ui.cases.deadline_box import DeadlineBox
from ui.cases.next_line import NextLineBox
from ui.cases.next_step import PROPOSED
from ui.cases.words import fact_words
from ui.kit import records
from ui.kit.case_parts.case_history import CaseHistory
from ui.kit.case_parts.case_lines import shows
from ui.kit.case_parts.clock import SecondClock
from ui.kit.case_parts.ribbon import ResponsibilityBox
from ui.kit.feedback.missing_case import tell_missing
from ui.kit.feedback.states import StateCard
from ui.kit.labels.facts import Facts
from ui.kit.labels.label import Retranslated, line
from ui.kit.layouts import STRETCH, laid_out, stacked, vbox
from ui.kit.panels.headers import DockHeader
from ui.kit.panels.scroll import Scrolled
from ui.kit.seat.context import SeatContext
from ui.kit.seat.follow import Follow
from ui.kit.seat.tasks import spawn
from ui.kit.texts import names
from ui.kit.texts.district_time import brief_moment
from ui.kit.texts.words import phrase
from ui.theme import MEASURES, filled, mark

PAD = MEASURES.dock_padding + 2
_BY_KEY = Qt.FocusReason.TabFocusReason


class CasePanel(Retranslated, QWidget):
    """A panel that shows the focused case and follows it until `close_following`; `head` may be a dock's title bar."""

    left = Signal()  # Esc
    decided = Signal(str)  # id of an act that the user wants to decide

    def __init__(self, seat: SeatContext, *, follow: Follow) -> None:
        super().__init__()
        self._seat, self._follow, self._board = seat, follow, seat.desk.board
        self._clock = SecondClock(self._board, seat.desk.now)
        self._case: Case | None = None
        self._in_line = ""  # the step that the line offered when the others were laid out
        self.head = DockHeader(phrase("案件"))
        self._top, self._facts = CaseHead(self._board), Facts()
        self._clocks = DeadlineBox(self._board, self._clock)
        self._application = ApplicationBox()
        self.course = CaseHistory(seat.desk, fact_words, whole=True)
        self.ribbon = ResponsibilityBox(self._board, seat.desk.now)
        self.line = NextLineBox(seat, self._clock)
        self._steps = CaseSteps(self.line)
        self._vacant = StateCard()
        self._scroll = Scrolled(self._inside(), phrase("案件"))
        self._lay()
        self._wire()
        self._choose(seat.focus.case or "", "")

    def close_following(self) -> None:
        """Disconnects from the signals outside this panel that `_wire` connected."""
        self._follow.touched.disconnect(self._touch)
        self._follow.second.disconnect(self._turn)
        self._seat.focus.changed.disconnect(self._choose)
        self.line.close_following()

    def toggle_why(self) -> None:
        """Shows or hides the explanation of the deadline."""
        if self._case is not None:
            self._clocks.toggle_why()

    def focus_steps(self) -> None:
        """Focuses what the line offers, else the first command button, else the history."""
        offered = self._steps.offered()
        if self.line.step and self.line.button.isEnabled():
            self.line.button.setFocus(_BY_KEY)
        elif offered:
            self._steps.buttons[offered[0]].setFocus(_BY_KEY)
        else:
            self.course.setFocus(_BY_KEY)

    def act(self, name: str, *, chooses: bool = False) -> None:
        """Starts the command `name` on the case shown, as its button does; `chooses`: otherwise than the line says."""
        if self._case is not None:
            given = act(self._seat.over(self.window()), self._case, name, chooses=chooses)
            spawn(given, name=f"{name} {self._case.id}")

    def act_otherwise(self) -> None:
        """Starts the step that the case waits for and asks who is chosen, whomever the line proposes."""
        name = None if self._case is None else awaited_step(self._case)
        if name is not None:
            self.act(name, chooses=True)

    def retell(self) -> None:
        if self._case is not None:
            self._show(self._case)

    def _wire(self) -> None:
        self._follow.touched.connect(self._touch)
        self._follow.second.connect(self._turn)
        self._seat.focus.changed.connect(self._choose)
        self.line.asked.connect(self.act)
        self.line.decided.connect(self.decided)
        self._steps.asked.connect(self.act)
        self._steps.otherwise_asked.connect(self.act_otherwise)
        self._application.asked.connect(self.act)
        self.course.told.connect(self.ribbon.show_facts)
        self.course.told.connect(self.line.hear)

    def _choose(self, key: str, _by: str) -> None:
        self._seat.desk.lookup.look_at(key or None)
        self._show_chosen()

    def _touch(self, touched: Touched) -> None:
        key, shown = self._seat.focus.case, self._case
        is_other = key is not None and touched.concerns("case", key)
        if is_other or (shown is not None and shown.id == key and shows(touched, shown)):
            self._show_chosen()

    def _show_chosen(self) -> None:
        case = records.find(self._board, Case, self._seat.focus.case)
        if case is None:
            self._leave(is_missing=self._seat.focus.case is not None)
        else:
            self._show(case)

    def _turn(self) -> None:
        self._clock.turn()
        self.line.turn()
        if self._case is not None and self.isVisible():
            if self.line.step != self._in_line:
                self._show_steps(self._case)
            self._clocks.turn()
            self.ribbon.turn()
            self._top.show_standing(self._clock.standing(self._case))
            self._offer(self._case)

    def _offer(self, case: Case) -> None:
        for name, button in (self._steps.buttons | self._application.buttons).items():
            button.offer(self._seat.desk.why_not(name, case))

    def _show(self, case: Case) -> None:
        is_other = self._case is None or self._case.id != case.id
        self._case = case
        self._clock.turn()
        may = self._seat.desk.may(case)
        self._top.show_case(case)
        self._top.show_standing(self._clock.standing(case))
        self._facts.show_facts(case_facts(self._board, case, self._clock.now))
        self._clocks.show_case(case)
        self._show_application(case, may)
        self.line.show_case(case.id)
        self._show_steps(case)
        self._offer(case)
        self.course.show_case(case)
        self._stack.setCurrentIndex(1)
        if is_other:
            self._scroll.verticalScrollBar().setValue(0)

    def _show_steps(self, case: Case) -> None:
        """Shows the steps that are possible now and stand neither in the line nor in the box of an application."""
        may, awaited = self._seat.desk.may(case), awaited_step(case)
        self._in_line = self.line.step
        elsewhere = {awaited, self._in_line, *(ANSWERS if case.application is not None else ())}
        names = tuple(name for name in may if name in STEPS and name not in elsewhere)
        self._steps.show_steps(names, has_otherwise=awaited in PROPOSED and awaited in may)

    def _show_application(self, case: Case, may: tuple[str, ...]) -> None:
        self._application.setVisible(case.application is not None)
        if case.application is not None:
            by = names.account_name(self._board, case.application.by)
            told = phrase("{who} · {at}", who=by, at=brief_moment(self._board, case.application.at, self._clock.now))
            self._application.show_application(case.application, may=may, who=told)

    def _leave(self, *, is_missing: bool) -> None:
        self._case = None
        self.line.show_case("")
        self.course.leave()
        if not is_missing:
            self._vacant.tell("empty", phrase("没有选中案件"), phrase("在队列或地图上选一件，Alt ↓ 选下一件。"))
        elif self._seat.desk.position.at is None and self._seat.desk.has_role:
            tell_missing(self._vacant, ASKING)
        else:
            tell_missing(self._vacant, self._board.fetched.why_missing)
        self._stack.setCurrentIndex(0)

    def _lay(self) -> None:
        filled(self, surface="bg1")
        self.setMinimumWidth(300)
        top = vbox(None, self._top, margins=(PAD, 10, PAD, 8))
        body = laid_out(vbox(None, top, line(), (self._scroll, 1), self._steps))
        self._stack = stacked(None, self._vacant, body)
        vbox(self, self.head, (self._stack, 1))

    def _inside(self) -> QWidget:
        """Returns all that scrolls, what has to be answered first."""
        inside = mark(QWidget(), surface="bg1")
        facts, clocks = (vbox(None, part, margins=(PAD, 8, PAD, 8)) for part in (self._facts, self._clocks))
        course = vbox(None, self.course, margins=(PAD, 4, PAD, 8))
        ribbon = vbox(None, self.ribbon, margins=(PAD, 0, PAD, 6))
        vbox(inside, self._application, facts, line(), clocks, ribbon, line(), course, STRETCH)
        return inside

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
