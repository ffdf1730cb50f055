"""Search (Ctrl+F): cases on this console at once, those of the platform when it answers."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from commandcenter.domain.cases import Case
from commandcenter.store.touched import Touched
from commandcenter.sync.queries import SearchQuery
from commandcenter.sync.unavailable import Unavailable
from ui.actions.context import UiContext
from ui.kit import records
from ui.kit.labels.label import Label
from ui.kit.layouts import vbox
from ui.kit.search.candidates import Candidate
from ui.kit.search.search_list import SearchList
from ui.kit.seat.tasks import spawn
from ui.kit.texts import names
from ui.kit.texts.district_time import today
from ui.kit.texts.faults import fault
from ui.kit.texts.glossary import called, found_by
from ui.kit.texts.numbers import short
from ui.kit.texts.words import phrase, say, word
from ui.theme import colour, icon
from ui.theme.tokens import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTH, MOST, PAUSE = 680, 8, 180  # pixels; rows; milliseconds after the last keystroke
RING, GAP = 4, 6  # pixels around the line that the focus ring needs, and between it and what drops down
SIGN = 16  # pixels of the icon in the line


class Finder(QWidget):
    """A line in the place of the window's search `field`, from which the results drop down.

    `found` carries the chosen case, which may have ended long ago.
    """

    found = Signal(object)  # Case
    closed = Signal()

    def __init__(self, seat: UiContext, light: "Callable[[Case], str]", field: QWidget) -> None:
        super().__init__(field.window())
        self._seat, self._light, self._field, self._window = seat, light, field, field.window()
        self._asked = 0
        self.list = SearchList(hint=phrase("编号、外部编号、地址、正文"), inline=True, row_height=34)
        self._note = Label(level="label", parent=self)
        self._pause = QTimer(self, interval=PAUSE, singleShot=True)
        self._pause.timeout.connect(self._ask)
        self._sign = Label(parent=self.list.edit)
        self._lay()
        self.list.typed.connect(self._typed)
        self.list.chosen.connect(self._choose)
        self.list.left.connect(self.leave)
        self.list.edit.installEventFilter(self)
        seat.follow.touched.connect(self._touch)
        self.hide()

    def open(self) -> None:
        """Shows the box, with the former search text selected."""
        self._sign.setPixmap(icon("search", "tx2").pixmap(SIGN, SIGN))
        self.fit()
        self.show()
        self.raise_()
        self.list.edit.selectAll()
        self.list.edit.setFocus()
        self._typed(self.list.text())

    def leave(self) -> None:
        """Hides the box; an answer that is still to come is discarded."""
        self._pause.stop()
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def end(self) -> None:
        """Closes it for another person, who finds nothing of what was typed."""
        self.list.set_text("")
        self.leave()

    def fit(self) -> None:
        """Places the line upon the field, and below it what was found."""
        field, room = self._field, self._window.width()
        corner = field.mapTo(self._window, QPoint(0, 0)) - QPoint(RING, RING)
        self.list.stand_apart(field.size(), GAP)
        self.list.updateGeometry()  # otherwise the box keeps its former height
        wide = min(max(WIDTH, field.width()) + 2 * RING, room - corner.x())
        self.setGeometry(QRect(corner, QSize(wide, self.sizeHint().height())))
        self.setMask(QRegion(self.list.edit.geometry().adjusted(0, 0, 2 * RING, 2 * RING)).united(self._box))

    @property
    def _box(self) -> QRect:
        """What drops down."""
        return self.rect().adjusted(RING, RING + self._field.height() + GAP, -RING, 0)

    def _lay(self) -> None:
        self._sign.setGeometry(9, (MEASURES.field - SIGN) // 2, SIGN, SIGN)
        self.list.edit.setTextMargins(SIGN + GAP, 0, 0, 0)
        self._note.setContentsMargins(12, GAP + 2, 12, GAP + 4)
        vbox(self, self.list, self._note, margins=(RING, RING, RING, 0))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("ln3"), 1))
        painter.setBrush(colour("bg1"))
        box = QRectF(self._box).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, MEASURES.popup_radius, MEASURES.popup_radius)

    def _touch(self, touched: Touched) -> None:
        """Searches again on another board, so that no results of the former user stay."""
        if touched.everything and not self.isHidden():
            self._typed(self.list.text())

    def _typed(self, text: str) -> None:
        self._asked += 1
        wanted = text.strip().lower()
        here = self._on_board(wanted) if wanted else []
        counted = say("本机{counted}", counted=_counted(len(here), len(here[:MOST])))
        self._show(here, counted if wanted else say("在本机找，同时问平台；含已结案件"))
        self._pause.stop()  # do not ask for what was typed before
        if len(wanted) >= 2:
            self._pause.start()

    def _ask(self) -> None:
        spawn(self._fetch(self.list.text().strip(), self._asked), name="search", shown_by=self)

    async def _fetch(self, text: str, asked: int) -> None:
        try:
            answer = await self._seat.desk.ask(SearchQuery(text, limit=MOST))
        except Unavailable as error:
            if asked == self._asked:
                self._note.setText(fault(error.code, error.about))
            return
        if asked != self._asked or self.isHidden():
            return  # the text changed, or the box was closed
        here = self._on_board(text.lower())
        known = {case.id for case in here}
        cases = [*here, *(case for case in answer.items if case.id not in known)]
        unsent = sum(case.number is None for case in here)  # the platform does not count these
        note = _counted(max(answer.total + unsent, len(cases)), len(cases[:MOST]))
        if answer.unread:
            note = say("{counted}；{m} 件这个程序读不出，请更新程序", counted=note, m=answer.unread)
        self._show(cases, note if cases or answer.unread else say("本机和平台都没有找到"))

    def _on_board(self, wanted: str) -> list[Case]:
        """Returns the matching cases of the board: open ones first, each group newest first."""
        found = [case for case in records.every(self._seat.desk.board, Case) if self._has(case, wanted)]
        return sorted(found, key=lambda case: (not case.is_open, -case.received_at.timestamp()))

    def _has(self, case: Case, wanted: str) -> bool:
        title = names.title(self._seat.desk.board, case)
        said = (case.number or "", case.external or "", case.text, *found_by(case.place, title))
        return any(wanted in part.lower() for part in said)

    def _show(self, cases: list[Case], note: str) -> None:
        self.list.offer([self._offer(case) for case in cases[:MOST]])
        self._note.setText(note)
        self.fit()

    def _offer(self, case: Case) -> Candidate:
        board = self._seat.desk.board
        year = today(board, self._seat.desk.now()).year
        text = f"{short(case, year=year)}  {names.title(board, case)}"
        return Candidate(text, case, called(case.place), word("stage", case.stage), f"light.{self._light(case)}")

    def _choose(self, candidate: Candidate) -> None:
        self.leave()
        self.found.emit(candidate.thing)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and not self.list.edit.hasFocus():
            QTimer.singleShot(0, self, self._leave_if_away)
        return False

    def _leave_if_away(self) -> None:
        if not self.list.edit.hasFocus() and not self.underMouse():
            self.leave()


def _counted(total: int, shown: int) -> str:
    """Returns how many cases there are, and how many of them stand in the list."""
    counts = {"n": f"{total:,}", "m": shown}
    if shown == MOST < total:
        return say("共 {n} 件，显示 {m} 件，多打几个字可缩小范围", **counts)
    return say("共 {n} 件，显示 {m} 件", **counts)
