"""The clocks of a case: time left and used of each limit and, on demand, the explanation of the deadline."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from commandcenter.domain.calendar import Calendar
from commandcenter.domain.cases import Case
from commandcenter.domain.deadlines import due
from commandcenter.domain.kinds import Kind, Limit
from commandcenter.domain.lights import light_of_span, stopped_at
from ui.cases.why import why_lines
from ui.cases.why_box import WhyBox
from ui.kit import records
from ui.kit.case_parts.clock import DAY, CaseTime, SecondClock, time_text
from ui.kit.controls.buttons import KeyButton
from ui.kit.labels.chips import Glyph, LimitBar
from ui.kit.labels.elided import TickingText
from ui.kit.labels.label import Label
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.texts import names
from ui.kit.texts.district_time import moment
from ui.kit.texts.glossary import called
from ui.kit.texts.numbers import limit_words
from ui.kit.texts.words import Phrase, Words, phrase, say
from ui.theme.paint import LIGHT_TIME

if TYPE_CHECKING:
    from commandcenter.store.board import Board


class DeadlineRow:
    """One row of the grid: a limit's name, light, time left, share used and due moment."""

    def __init__(self, grid: QGridLayout, row: int) -> None:
        self.name, self.time, self.until = Label(), TickingText(), Label(level="label")
        self.light, self.share = Glyph(size=12), LimitBar()
        self.until.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._parts = (self.name, self.light, self.time, self.share, self.until)
        for column, part in enumerate(self._parts):
            grid.addWidget(part, row, column, Qt.AlignmentFlag.AlignVCenter)

    def show_bar(self, name: Words, standing: CaseTime, told: str, until: str) -> None:
        """Shows one limit; `told` is the time left and `until` the due moment, both as text."""
        self.name.set_words(name)
        self.light.set_name(f"light.{standing.light}")
        tone = "tx3" if standing.stands else LIGHT_TIME[standing.light]
        self.time.set_words(told, tone=tone)
        self.share.set_share(standing.share, light=standing.light)
        self.until.set_words(until)

    def set_visible(self, on: bool) -> None:
        """Shows or hides the whole row."""
        for part in self._parts:
            part.setVisible(on)


class DeadlineBox(QWidget):
    """The clocks of the case's own limit and of the superior's, if any; call `turn` each second.

    `toggle_why` shows or hides the explanation; the choice also holds for the next case.
    """

    def __init__(self, board: Board, clock: SecondClock) -> None:
        super().__init__()
        self._board, self._clock = board, clock
        self._case: Case | None = None
        self._title = Label(phrase("时限"), level="label")
        self._link = KeyButton("", key="W", role="link")
        self._link.clicked.connect(lambda _on=False: self.toggle_why())
        self._none = Label(tone="tx2", wrap=True)
        self._why, self._basis = WhyBox(), Label(level="label", wrap=True)
        self._is_open = False
        self._lay()

    def show_case(self, case: Case) -> None:
        """Shows the clocks of `case`."""
        self._case = case
        self._none.setVisible(case.due is None)
        self._link.setVisible(case.due is not None)
        if case.due is None:
            self._none.set_words(self._before_filing(case))
        self._explain()
        self.turn()

    def turn(self) -> None:
        """Updates all times to the current second of the shared clock."""
        case = self._case
        if case is None:
            return
        self._own.set_visible(case.due is not None)
        if case.due is not None:
            standing = self._clock.standing(case)
            rests = standing.resting_due is not None  # the due moment stands at the end of the row
            told = say("停表") if rests else time_text(standing, case, self._clock.now)
            self._own.show_bar(phrase("处置"), standing, told, self._until(case.due))
        self._turn_superior(case)
        if not self._why.isHidden():
            self._why.move_to(self._here())

    def toggle_why(self) -> None:
        """Shows or hides the explanation; does nothing while the case has no deadline."""
        if self._case is None or self._case.due is None:
            return
        self._is_open = not self._is_open
        self._explain()

    def _turn_superior(self, case: Case) -> None:
        superior = case.superior
        self._upper.set_visible(superior is not None and superior.due is not None)
        if superior is None or superior.due is None:
            return
        stopped = None if case.is_open else case.ended_at  # unlike the hall's own limit it runs on while reported
        left = (superior.due - (stopped or self._clock.now)).total_seconds()
        whole = (superior.due - case.received_at).total_seconds()
        standing = CaseTime(light_of_span(left, whole), left, whole, DAY, stopped is not None)
        name = phrase("{channel} 上级", channel=names.name(self._board, "channel", superior.channel))
        self._upper.show_bar(name, standing, time_text(standing, case, self._clock.now), self._until(superior.due))

    def _explain(self) -> None:
        case = self._case
        basis = case.basis if case is not None else None
        calendar = self._board.cases.week_of(basis.calendar_rev if basis else 0)
        kind = records.find(self._board, Kind, case.kind) if case is not None else None
        if not self._is_open or case is None or case.filed_at is None or calendar is None or kind is None:
            self._fold()
            return
        self._link.set_words(phrase("收起“为什么是这个期限”"))
        deadline = due(case.filed_at, basis.limit if basis else kind.limit, calendar)
        lines = why_lines(deadline, names.zone(self._board), self._clock.day(case))
        self._why.show_lines(lines, deadline, self._here())
        self._basis.set_words(_basis(kind, case, self._board.cases.calendar, is_as_filed=deadline.due == case.due))
        self._why.setVisible(not _is_superiors(case))
        self._basis.show()

    def _fold(self) -> None:
        self._link.set_words(phrase("为什么是这个期限"))
        self._why.hide()
        self._basis.hide()

    def _before_filing(self, case: Case) -> Words:
        kind = records.find(self._board, Kind, case.kind)
        if not case.is_open:
            return phrase("没有时限")
        if kind is None:
            return phrase("还没有立案，时限未起算")
        return phrase(
            "还没有立案，时限未起算；{kind} 限 {limit}", kind=called(kind.name), limit=limit_words(kind.limit)
        )

    def _until(self, at: datetime) -> str:
        return moment(self._board, at, self._clock.now)

    def _here(self) -> datetime:
        """Returns the current moment, or when the clock of the case stopped, in the district's time."""
        stopped = None if self._case is None else stopped_at(self._case)
        return (stopped or self._clock.now).astimezone(names.zone(self._board))

    def _lay(self) -> None:
        head = hbox(None, self._title, STRETCH, self._link, spacing=-1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, 56)
        grid.setColumnMinimumWidth(2, 66)
        grid.setColumnStretch(3, 1)
        grid.setColumnMinimumWidth(4, 78)
        self._own, self._upper = DeadlineRow(grid, 0), DeadlineRow(grid, 1)
        vbox(self, head, grid, self._none, self._why, self._basis, spacing=4)


def _basis(kind: Kind, case: Case, calendar: Calendar | None, *, is_as_filed: bool) -> Words:
    """Returns the rule of the deadline: that under which the case was filed, or the present one if it is not kept."""
    if case.superior is not None and _is_superiors(case):
        return phrase("依据：上级单 {number} 的期限，不由本级规则算出", number=case.superior.number)
    if case.basis is None:
        said = _rule(kind, kind.limit)
        return said if is_as_filed else phrase("{said}；规则或小类在立案后改过，期限仍按立案时的算", said=said)
    basis = case.basis
    said = phrase(
        "{said}（立案时小类修订 {kind}、日历修订 {calendar}）",
        said=_rule(kind, basis.limit),
        kind=basis.kind_rev,
        calendar=basis.calendar_rev,
    )
    if kind.limit != basis.limit:
        said = phrase("{said}；规则后来改为 {limit}，只算新案件", said=said, limit=limit_words(kind.limit))
    if calendar is not None and calendar.rev != basis.calendar_rev:
        said = phrase("{said}；日历后来改过，仍按当时的算", said=said)
    return said if is_as_filed else phrase("{said}；当时的日历已不在本机，步骤按现存的列出", said=said)


def _is_superiors(case: Case) -> bool:
    """Whether the case came in with its deadline, which no rule of this hall explains."""
    return case.basis is None and case.superior is not None and case.superior.due == case.due


def _rule(kind: Kind, limit: Limit) -> Phrase:
    values = {"kind": called(kind.name), "limit": limit_words(limit), "n": limit.version}
    if limit.source:
        return phrase("依据：{kind} = {limit} · 规则第 {n} 版 · {source}", source=called(limit.source), **values)
    return phrase("依据：{kind} = {limit} · 规则第 {n} 版", **values)
