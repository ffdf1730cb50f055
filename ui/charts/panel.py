"""The tab 走势: cases received and cases settled per hour, and the shares of the three tiers."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QWidget

from commandcenter.sync.queries import FiguresQuery
from commandcenter.sync.unavailable import Unavailable
from ui import theme
from ui.charts.bars import HourBars
from ui.charts.hours import HourCounts, day, spans
from ui.charts.share import ShareBar
from ui.kit.controls.buttons import NextStep
from ui.kit.feedback.states import StateCard
from ui.kit.labels.elided import ElidedText
from ui.kit.labels.label import Label, Retranslated
from ui.kit.labels.legend import Legend
from ui.kit.layouts import hbox, stacked, vbox
from ui.kit.seat.tasks import spawn
from ui.kit.texts import district_time, names
from ui.kit.texts.faults import fault
from ui.kit.texts.words import phrase, say
from ui.theme import mark
from ui.theme.tokens import MEASURES

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

EACH = 120_000  # milliseconds between two requests


class Trend(Retranslated, QWidget):
    """Asks the platform when it is shown, and every two minutes while it is on the screen."""

    def __init__(self, desk: "Desk", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._day: HourCounts | None = None
        self._asked_at = desk.now()
        self._busy = False
        self.bars, self.share = HourBars(), ShareBar()
        self._title, self._asked = ElidedText(left=True), Label(level="label")
        self._card = StateCard()
        self._timer = QTimer(self, interval=EACH)
        self._timer.timeout.connect(self.refresh)
        self._place()
        theme.changed.connect(self._wear)

    @property
    def day(self) -> HourCounts | None:
        """The counts shown; None before the first answer."""
        return self._day

    def refresh(self) -> None:
        """Asks the platform again, unless a request is under way or the tab is hidden."""
        if not self._busy and self.isVisible():
            self._busy = True
            spawn(self._refresh(), name="trend", shown_by=self)

    def _place(self) -> None:
        inside = mark(QWidget(), surface="bg1")
        legend = Legend({"hour.received": phrase("受理"), "hour.settled": phrase("办结")})
        head = hbox(None, (self._title, 1), legend, self._asked, spacing=-1)
        margins = (MEASURES.dock_padding, 8, MEASURES.dock_padding, 8)
        vbox(inside, head, (self.bars, 1), self.share, margins=margins, spacing=6)
        self._stack = stacked(self, inside, self._card)

    async def _refresh(self) -> None:
        asked_at = self._desk.now()
        hours = spans(asked_at.astimezone(names.zone(self._desk.board)))
        try:
            told = [await self._desk.ask(FiguresQuery(since, until)) for since, until in hours]
        except Unavailable as error:
            self._fail(error)
        else:
            self._show(day([since for since, _ in hours], told), asked_at)
        finally:
            self._busy = False

    def _show(self, counted: HourCounts, asked_at: datetime) -> None:
        self._day, self._asked_at = counted, asked_at
        self.bars.show_day(counted)
        self.share.show_day(counted)
        self.retell()
        self._stack.setCurrentIndex(0)

    def _fail(self, error: Unavailable) -> None:
        """Keeps old curves, marked with their time; without any, shows the error."""
        if self._day is None:
            again = NextStep(phrase("再取一次"), self.refresh)
            self._card.tell(
                "warning", phrase("取不到走势"), fault(error.code, error.about), image="wifi-off", steps=[again]
            )
            self._stack.setCurrentIndex(1)

    def retell(self) -> None:
        if self._day is None:
            return
        self._title.set_words(phrase("近 24 小时受理 {n} 件，按小时", n=f"{self._day.total:,}"))
        at = district_time.clock(self._desk.board, self._asked_at, seconds=False)
        self._asked.setText(say("截至 {at}", at=at))

    def _wear(self, _theme: str) -> None:
        self.bars.wear()
        self.share.update()

    def showEvent(self, event: QEvent) -> None:
        self._timer.start()
        self.refresh()

    def hideEvent(self, event: QEvent) -> None:
        self._timer.stop()
