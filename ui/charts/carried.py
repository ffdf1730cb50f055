"""The tab 责任时间: how much working time each body carried in a period, as its cases' lead and as a helper."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from commandcenter.domain.people import Role
from commandcenter.domain.responsibility import Carried, CarriedTime
from commandcenter.sync.queries import CarriedQuery
from commandcenter.sync.unavailable import Unavailable
from ui.charts.carried_bars import CarriedBars, CarriedRow
from ui.kit.controls.buttons import NextStep
from ui.kit.controls.switches import Segments
from ui.kit.feedback.states import StateCard
from ui.kit.labels.elided import ElidedText
from ui.kit.labels.label import Label, Retranslated
from ui.kit.layouts import hbox, stacked, vbox
from ui.kit.panels.scroll import Scrolled
from ui.kit.seat.tasks import spawn
from ui.kit.texts import district_time, names
from ui.kit.texts.faults import fault
from ui.kit.texts.words import phrase, say, word
from ui.theme import mark
from ui.theme.tokens import MEASURES

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

FIRST = "7"
PERIODS = {"1": (1, phrase("今天")), "7": (7, phrase("近 7 天")), "30": (30, phrase("近 30 天"))}  # days, with today


class CarriedPanel(Retranslated, QWidget):
    """Asks the platform when it is shown and when another period is chosen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._sums, self._period, self._is_told = CarriedTime(), FIRST, False
        self._asked_at = desk.now()
        self.periods = Segments([(key, words) for key, (_, words) in PERIODS.items()])
        self.bars, self._card = CarriedBars(), StateCard()
        self._title, self._asked = ElidedText(left=True), Label(level="label")
        self.periods.choose(FIRST)
        self.periods.chosen.connect(lambda _key: self.refresh())
        self._place()

    def refresh(self) -> None:
        """Asks the platform for the period that is chosen."""
        spawn(self._refresh(), name="carried time", shown_by=self)

    def _place(self) -> None:
        inside = mark(QWidget(), surface="bg1")
        head = hbox(None, (self._title, 1), self._asked, self.periods, spacing=MEASURES.dock_padding)
        margins = (MEASURES.dock_padding, 8, MEASURES.dock_padding, 8)
        self._list = Scrolled(self.bars, phrase("责任时间"))
        vbox(inside, head, (self._list, 1), margins=margins, spacing=6)
        self._stack = stacked(self, inside, self._card)

    async def _refresh(self) -> None:
        period, until = self.periods.current(), self._desk.now()
        try:
            sums = await self._desk.ask(CarriedQuery(_begin(until, period, self._desk), until))
        except Unavailable as error:
            self._fail(error)
        else:
            if period == self.periods.current():  # or a later question is under way
                self._sums, self._period, self._asked_at, self._is_told = sums, period, until, True
                self.retell()

    def _fail(self, error: Unavailable) -> None:
        """Keeps old sums, marked with their time and of their period; without any, shows the error."""
        if self._is_told:
            self.periods.choose(self._period)
        else:
            again = NextStep(phrase("再取一次"), self.refresh)
            reason = fault(error.code, error.about)
            self._card.tell("warning", phrase("取不到责任时间"), reason, image="wifi-off", steps=[again])
            self._stack.setCurrentIndex(1)

    def retell(self) -> None:
        if not self._is_told:
            return
        rows = [self._row(one) for one in self._sums.bodies]
        _, words = PERIODS[self._period]
        title = phrase("{period}各单位承担的工作时间（时:分，计到这段时间内的步骤）", period=words)
        self._title.set_words(title, brief=say("工作时间"))  # the unit stands above the bars
        at = district_time.clock(self._desk.board, self._asked_at, seconds=False)
        self._asked.setText(say("截至 {at}", at=at))
        self.bars.show_rows(rows)
        if not rows:
            self._card.tell("empty", phrase("这段时间没有案件走动"), phrase("有了办理步骤，就按单位合计在这里"))
        self._stack.setCurrentIndex(0 if rows else 1)

    def _row(self, one: Carried) -> CarriedRow:
        is_hall = one.body in Role.__members__.values()
        name = word("role", one.body) if is_hall else names.holder_name(self._desk.board, one.body, short=True)
        return CarriedRow(name, one.led, one.helped, one.cases, is_hall)

    def showEvent(self, event: QEvent) -> None:
        self.refresh()


def _begin(now: datetime, period: str, desk: Desk) -> datetime:
    """Returns the beginning of the first day of the period, in the district's zone."""
    today = now.astimezone(names.zone(desk.board)).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=PERIODS[period][0] - 1)
