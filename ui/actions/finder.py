"""Search (Ctrl+F): cases on this console at once, those of the platform when it answers."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QWidget

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
from ui.theme import mark
from ui.theme.tokens import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTH, MOST, PAUSE = 680, 8, 180  # pixels; rows; milliseconds after the last keystroke
LEFT = 268


class Finder(QFrame):
    """A box under the search field; `found` carries the chosen case, which may have ended long ago."""

    found = Signal(object)  # Case
    closed = Signal()

    def __init__(self, seat: UiContext, light: "Callable[[Case], str]", parent: QWidget) -> None:
        super().__init__(parent)
        self._seat, self._light, self._under = seat, light, parent
        self._asked = 0
        mark(self, surface="command")
        self.list = SearchList(hint=phrase("编号、外部编号、地址、正文"), inline=True, row_height=34)
        self._note = Label(level="label", parent=self)
        self._pause = QTimer(self, interval=PAUSE, singleShot=True)
        self._pause.timeout.connect(self._ask)
        vbox(self, self.list, self._note, margins=(10, 10, 10, 10), spacing=6)
        self.list.typed.connect(self._typed)
        self.list.chosen.connect(self._choose)
        self.list.left.connect(self.leave)
        self.list.edit.installEventFilter(self)
        seat.follow.touched.connect(self._touch)
        self.hide()

    def open(self) -> None:
        """Shows the box, with the former search text selected."""
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

    def fit(self) -> None:
        """Places the box under the search field."""
        self.list.updateGeometry()  # otherwise the box keeps its former height
        parent = self._under
        left = min(LEFT, max(8, parent.width() - WIDTH - 8))
        self.setGeometry(left, MEASURES.top_bar + 4, min(WIDTH, parent.width() - 16), self.sizeHint().height())

    def _touch(self, touched: Touched) -> None:
        """Searches again on another board, so that no results of the former user stay."""
        if touched.everything and not self.isHidden():
            self._typed(self.list.text())

    def _typed(self, text: str) -> None:
        self._asked += 1
        wanted = text.strip().lower()
        here = self._on_board(wanted) if wanted else []
        self._show(here, say("{n} 件在本机", n=len(here)) if wanted else say("在本机找，同时问平台；含已结案件"))
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
        found = say("平台共 {n} 件", n=f"{answer.total:,}")
        if answer.unread:
            found = say("平台共 {n} 件，其中 {m} 件这个程序读不出，请更新程序", n=f"{answer.total:,}", m=answer.unread)
        self._show(cases, found if cases or answer.unread else say("本机和平台都没有找到"))

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
