"""The queue panel 队列: tabs with live counts, filters, the table of cases, and the bar below it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from commandcenter.store.touched import Touched
from ui.cases.column_menu import ColumnMenu, arrange_from_text, columns_to_text
from ui.cases.columns import groupings, queue_columns
from ui.cases.delegate import QueueDelegate
from ui.cases.empty_queue import EmptyQueue
from ui.cases.filter_bar import FilterBar
from ui.cases.filters import QueueFilter, counts
from ui.cases.horizon import Horizon
from ui.cases.queue_status import QueueStatus
from ui.cases.tabs import QueueHead
from ui.cases.texts import Texts
from ui.cases.time_words import rest_words
from ui.kit.case_parts.clock import SecondClock
from ui.kit.controls.menus import drop
from ui.kit.layouts import vbox
from ui.kit.seat.focus import Focus
from ui.kit.seat.follow import Follow
from ui.kit.seat.known import is_known
from ui.kit.tables.model import TableModel
from ui.kit.tables.view import TableView
from ui.kit.texts.words import phrase
from ui.theme import MEASURES, filled

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

NAME = "queue"  # this panel's name as the chooser in the focus
UNBOUNDED = (1 << 24) - 1  # pixels; Qt's greatest height
NARROWING = 200  # milliseconds from a board change until the map gets a new mask, while a filter is set


class QueuePanel(QWidget):
    """The queue, which follows the board until `close_following`; `opened(case id)` on Enter or a double click.

    `head` may serve as the title bar of a dock.
    """

    opened = Signal(str)
    narrowed = Signal(object)  # bool[slots] of the cases that the map shows; None for all
    wanted = Signal(str)  # id of an action to start: "intake"
    columns_arranged = Signal(str)  # the user's columns as a string to store

    def __init__(self, desk: Desk, *, follow: Follow, focus: Focus) -> None:
        super().__init__()
        self._desk, self._follow, self._focus = desk, follow, focus
        self._board = desk.board
        self._clock = SecondClock(self._board, desk.now)
        self._texts = Texts(self._board)
        self._groupings = groupings(self._board, self._texts)
        self._tallied: dict[str, int] = {}
        self._has_news = False  # what the board told since the horizon was given its cases
        columns = queue_columns(self._board, self._clock, self._texts)
        self.model = TableModel(self._board.cases, columns, now=self._clock.seconds, parent=self)
        self.view = TableView(self.model, name=phrase("队列"))
        self.head = QueueHead()
        self.filters = FilterBar(self._board, self._texts, now=self._clock.seconds)
        self.horizon = Horizon(self._board, self._clock, self._texts)
        self._foot = QueueStatus()
        self._vacancy = EmptyQueue()
        self._later = QTimer(self, interval=0, singleShot=True)
        self._later.timeout.connect(self._say_sight)
        self._narrowing = QTimer(self, interval=NARROWING, singleShot=True)
        self._narrowing.timeout.connect(self._narrow)
        self._lay()
        self._wire()
        self._filter_by(self.filters.filter)
        self._say_rest()

    def close_following(self) -> None:
        """Disconnects from the signals outside this panel that `_wire` connected."""
        self._follow.touched.disconnect(self._touch)
        self._follow.second.disconnect(self._turn)
        self._focus.changed.disconnect(self._choose)
        self._desk.connection.changed.disconnect(self._connect)

    def let_in(self) -> None:
        """Shows the changes held back and sorts all rows again."""
        self.model.let_in()
        self._choose(self._focus.case or "", "")

    def arrange_columns(self, line: str) -> None:
        """Arranges the columns from a stored string; an empty one restores the defaults."""
        arrange_from_text(self.view.head, line)
        self.columns_arranged.emit(line)

    def set_row_height(self, pixels: int) -> None:
        """Sets the height of each row in pixels."""
        self.view.verticalHeader().setMinimumSectionSize(pixels)
        self.view.verticalHeader().setDefaultSectionSize(pixels)

    def _lay(self) -> None:
        filled(self, surface="bg1")
        self.setMinimumWidth(300)
        self.view.setItemDelegate(
            QueueDelegate(self.view, self.model.columns, self._board.cases, self._clock, self._texts)
        )
        self._show_vacancy(False)
        vbox(self, self.head, self.filters, self.horizon, (self.view, 1), (self._vacancy, 1), self._foot)
        self.setFocusProxy(self.view)

    def _wire(self) -> None:
        self._follow.touched.connect(self._touch)
        self._follow.second.connect(self._turn)
        self._focus.changed.connect(self._choose)
        self._desk.connection.changed.connect(self._connect)
        self.head.tabs.chosen.connect(self.filters.set_tab)
        head = self.view.head
        self.head.columns_asked.connect(lambda under: drop(ColumnMenu(head, self), under))
        head.customContextMenuRequested.connect(lambda at: ColumnMenu(head, self).popup(head.mapToGlobal(at)))
        self.filters.changed.connect(self._filter_by)
        self.filters.grouped.connect(self._group_by)
        self.horizon.chosen.connect(lambda key: self._focus.choose(key, by="horizon"))
        self.horizon.span_chosen.connect(self.filters.set_due)
        self.view.chosen.connect(lambda key: self._focus.choose(key, by=NAME))
        self.view.opened.connect(self.opened)
        head.columns_arranged.connect(lambda: self.columns_arranged.emit(columns_to_text(head)))
        self.view.seen.connect(self._later.start)
        self.model.arranged.connect(self._later.start)
        self.model.arranged.connect(self._narrow)
        self.model.waiting.connect(self._foot.show_held_back)
        self._foot.let_in.connect(self.let_in)
        self._vacancy.cleared.connect(self.filters.clear)
        self._vacancy.wanted.connect(self.wanted)

    def _touch(self, touched: Touched) -> None:
        changed = touched.ids("case")
        if changed is None:
            self._texts.forget()
        if touched.everything:
            self.model.let_in()  # the whole board was replaced: no position is worth keeping
            self._say_rest()
            self._look_ahead()
        elif changed is None or changed:
            self.model.take(changed)
        self._has_news, late = True, self._tallied.get("overdue")
        self._tally()
        if self._tallied.get("overdue") != late:
            self._look_ahead()  # which tells the same number as the tab
        self._later.start()
        if self.filters.filter.is_narrow and not self._narrowing.isActive():
            self._narrowing.start()  # the map's mask may change even when no row does

    def _turn(self) -> None:
        self._clock.turn()
        if self.isVisible():
            self.view.tick()
        self._say_rest()
        is_timed = self._tally() and self.filters.filter.tab in ("soon", "overdue")
        if is_timed:
            self.model.take(())
        if is_timed or self._has_news:
            self._look_ahead()
        self.horizon.turn()

    def _say_rest(self) -> None:
        """Says once for all rows that working time rests."""
        resumes = self._clock.resumes
        self.filters.show_rest(*(rest_words(self._board, resumes, self._clock.now) if resumes else ("", "")))

    def _tally(self) -> bool:
        """Counts the cases of each tab, if any are known; returns whether a count changed."""
        fresh = counts(self._board.cases, self._clock.seconds()) if is_known(self._desk) else {}
        changed, self._tallied = fresh != self._tallied, fresh
        if changed:
            self.head.show_counts(fresh)
        return changed

    def _filter_by(self, wanted: QueueFilter) -> None:
        self.model.filter(lambda now: wanted.mask(self._board.cases, self._texts, now))
        self.view.choose(self._focus.case, reveal=False)
        self.view.scrollToTop()
        self._narrow()
        self._look_ahead()
        self.horizon.show_span(wanted.due)
        self._tally()
        self._later.start()

    def _look_ahead(self) -> None:
        """Gives the horizon all that would be listed if no span of it were chosen."""
        self._has_news = False
        wanted = replace(self.filters.filter, due=None)
        mask = wanted.mask(self._board.cases, self._texts, self._clock.seconds())
        self.horizon.take(mask, is_known=is_known(self._desk))

    def _narrow(self) -> None:
        wanted = self.filters.filter
        now = self._clock.seconds()
        self.narrowed.emit(wanted.mask(self._board.cases, self._texts, now) if wanted.is_narrow else None)

    def _group_by(self, key: str) -> None:
        self.model.group(self._groupings.get(key))
        self.view.scrollToTop()
        self.view.choose(self._focus.case, reveal=True)

    def _choose(self, key: str, by: str) -> None:
        self.view.choose(key or None, reveal=by != NAME)
        self.horizon.show_chosen(key)

    def _connect(self, _nothing: object) -> None:
        if self._tally():  # a platform without any case is live now
            self._look_ahead()
        self._say_sight()

    def _say_sight(self) -> None:
        shown = len(self.model.slots_shown)
        first, last = self.view.rows_in_sight()
        self._foot.show_range(first + 1, min(last + 1, shown), shown if is_known(self._desk) else None)
        if shown:
            self._show_vacancy(False)
            return
        open_cases = self._tallied.get("open", 0)
        may_take = self._desk.why_not("take", None) is None
        wanted, said = self.filters.filter, self.filters.said()
        self._vacancy.tell(self._desk.connection, wanted, said, open_cases, may_take=may_take)
        self._show_vacancy(True)

    def _show_vacancy(self, on: bool) -> None:
        """Shows why there is no row in the place of the rows, below the head of the table."""
        self._vacancy.setVisible(on)
        self.view.setMaximumHeight(MEASURES.head if on else UNBOUNDED)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if plain and event.key() == Qt.Key.Key_L:
            self.filters.focus_text()
        elif plain and event.key() == Qt.Key.Key_Escape and self.filters.filter.count:
            self.filters.clear()
        else:
            super().keyPressEvent(event)
