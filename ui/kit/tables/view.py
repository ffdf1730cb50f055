"""Table view with rows of one height and whole-row selection; the row in use keeps its place on the screen."""

from PySide6.QtCore import QEvent, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.kit.labels.label import Retranslated
from ui.kit.tables.head import TableHead
from ui.kit.tables.kept_place import KeptPlace
from ui.kit.tables.model import TableModel
from ui.kit.texts.words import Words
from ui.theme import MEASURES

_PLAIN = Qt.KeyboardModifier.NoModifier
_ACTS = QAbstractItemView.CursorAction


class TableView(Retranslated, QTableView):
    """A view of a TableModel; `chosen` carries the id of the record whose row the user selected.

    The user works on the list while the pointer is over it or, if `focus_holds_rows`, it has the keyboard focus: then
    no row in sight moves.
    """

    chosen = Signal(str)
    seen = Signal()  # other rows may be in sight
    opened = Signal(str)  # the record's id, at Enter or a double click

    def __init__(self, model: TableModel, *, row: int = MEASURES.row, name: Words = "") -> None:
        super().__init__()
        self.hovered = -1
        self.focus_holds_rows = True
        self._name = name
        self.table_model = model
        self._is_choosing = False
        self.setModel(model)
        self.head = TableHead(model.columns, self)
        self._set_up(row)
        self.setAccessibleName(str(name))
        model.last_fixed_row = self._last_still
        self._kept = KeptPlace(self, model, self._row_in_use, lambda: self.choose(None))
        model.arranged.connect(self.seen)
        self.selectionModel().currentRowChanged.connect(self._tell)
        self.verticalScrollBar().valueChanged.connect(lambda _at: self.seen.emit())
        self.head.sortIndicatorChanged.connect(lambda *_: self.scrollToTop())  # runs after the sort
        self.doubleClicked.connect(self._open)

    def is_in_use(self) -> bool:
        """Returns whether the user works on the list."""
        return self.isVisible() and ((self.focus_holds_rows and self.hasFocus()) or self.hovered >= 0)

    def rows_in_sight(self) -> tuple[int, int]:
        """Returns the first and the last visible row; the last is -1 when there is none."""
        first, last = self.rowAt(0), self.rowAt(max(0, self.viewport().height() - 1))
        count = self.table_model.rowCount()
        return (max(first, 0), count - 1 if last < 0 else last)

    def step(self, by: int) -> None:
        """Makes the next (1) or the previous (-1) row that has a record current.

        After the current record left the list, it goes on from where that stood.
        """
        model, row = self.table_model, self.currentIndex().row()
        row = row + by if row >= 0 else self._kept.gap + min(by, 0)
        while 0 <= row < model.rowCount() and model.key_at(row) is None:
            row += by
        if 0 <= row < model.rowCount():
            self.setCurrentIndex(model.index(row, 0))

    def choose(self, key: str | None, *, reveal: bool = True) -> None:
        """Selects this record's row without emitting `chosen`; clears the selection when it is not in the table.

        With `reveal` the row is scrolled into view.
        """
        row = self.table_model.row_of(key) if key else None
        self._is_choosing = True
        if row is None:
            if self.currentIndex().isValid():
                self._kept.gap = self.currentIndex().row()
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        elif row != self.currentIndex().row() or not self.selectionModel().hasSelection():
            self._select(row, reveal=reveal)
        self._is_choosing = False

    def tick(self) -> None:
        """Updates the visible rows; to be called every second."""
        self.table_model.tick(*self.rows_in_sight())

    def retell(self) -> None:
        self.setAccessibleName(str(self._name))
        self.table_model.report_all()
        self.table_model.let_in()  # names, by which rows are sorted and grouped, may be others
        self.head.fit()

    def _set_up(self, row: int) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(row)
        rows.setDefaultSectionSize(row)
        self.setHorizontalHeader(self.head)
        self.head.setSortIndicator(0, Qt.SortOrder.AscendingOrder)  # the order in which the model begins
        self.setSortingEnabled(True)

    def _last_still(self) -> int | None:
        return self.rows_in_sight()[1] if self.is_in_use() else None

    def _row_in_use(self) -> int:
        """Returns the row under the pointer, else the current one, if it is in sight; else the first of a list that was
        scrolled; -1 for none.
        """
        first, last = self.rows_in_sight()
        row = self.hovered if self.hovered >= 0 else self.currentIndex().row()
        if first <= row <= last:
            return row
        return first if self.verticalScrollBar().value() else -1

    def _tell(self, now: QModelIndex, before: QModelIndex) -> None:
        if self._is_choosing or self._kept.is_arranging or not now.isValid():
            return
        key = self.table_model.key_at(now.row())
        if key:
            self.chosen.emit(key)

    def _select(self, row: int, *, reveal: bool) -> None:
        at = self.verticalScrollBar().value()
        self.selectRow(row)
        if reveal:
            self._reveal(row)
        else:
            self.verticalScrollBar().setValue(at)

    def _reveal(self, row: int) -> None:
        first, last = self.rows_in_sight()
        hints = QAbstractItemView.ScrollHint
        hint = hints.EnsureVisible if first - 1 <= row <= last + 1 else hints.PositionAtCenter
        self.scrollTo(self.table_model.index(row, 0), hint)

    def _keep_whole(self, row: int) -> None:
        """Scrolls by no more than brings all of a row into sight, its head where there is less room."""
        top = self.rowViewportPosition(row)
        wanted = max(0, min(top, self.viewport().height() - self.rowHeight(row)))
        scroll = self.verticalScrollBar()
        scroll.setValue(scroll.value() + top - wanted)

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            old, self.hovered = self.hovered, row
            for changed in (old, row):
                if changed >= 0:
                    self.viewport().update(self._strip(changed))
            if row < 0:
                self.show_held_back_changes()

    def show_held_back_changes(self) -> None:
        """Rearranges the rows if the user no longer works on the list: held-back changes are shown."""
        if not self.is_in_use() and self.table_model.has_held_back_changes:
            self.table_model.let_in()

    def _strip(self, row: int) -> QRect:
        return QRect(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row))

    def _open(self, index: QModelIndex) -> None:
        key = self.table_model.key_at(index.row())
        if key:
            self.opened.emit(key)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and the last record; rows without a record are skipped."""
        ends = {_ACTS.MoveHome: 0, _ACTS.MoveEnd: self.table_model.rowCount() - 1}
        row = ends[action] if action in ends else super().moveCursor(action, modifiers).row()
        step = 1 if (row >= self.currentIndex().row() and action != _ACTS.MoveEnd) or action == _ACTS.MoveHome else -1
        while 0 <= row < self.table_model.rowCount() and self.table_model.key_at(row) is None:
            row += step
        return self.table_model.index(row, 0) if 0 <= row < self.table_model.rowCount() else self.currentIndex()

    def scrollToTop(self) -> None:
        """Begins the list anew: the next step goes to its first row."""
        super().scrollToTop()
        self._kept.gap = 0

    def keyboardSearch(self, search: str) -> None:
        """Does nothing: letters are keys of actions here."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif event.text().isalnum() and event.modifiers() in (_PLAIN, Qt.KeyboardModifier.ShiftModifier):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def focusOutEvent(self, event: QEvent) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.viewport().update()
        self.show_held_back_changes()

    def focusInEvent(self, event: QEvent) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        row = self.currentIndex().row()
        top = self.rowViewportPosition(row)
        was_in_sight = row >= 0 and -self.rowHeight(row) < top < max(1, event.oldSize().height())
        super().resizeEvent(event)
        if was_in_sight:
            self._keep_whole(row)
        self.head.fit()
        self.seen.emit()
