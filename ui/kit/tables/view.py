"""Table view with rows of one height and whole-row selection; the row in use keeps its place on the screen."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.kit.labels.label import Retranslated
from ui.kit.tables.columns import fit
from ui.kit.tables.head import TableHead
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
    columns_arranged = Signal()  # by the user: another order, or other columns hidden

    def __init__(self, model: TableModel, *, row: int = MEASURES.row, name: Words = "") -> None:
        super().__init__()
        self.hovered = -1
        self.focus_holds_rows = True
        self._name = name
        self._model = model
        self._hidden: frozenset[str] = frozenset()
        self._anchor: tuple[str, int] | None = None
        self._is_choosing = False
        self._current = ""  # the current row's record, before the rows are arranged
        self.setModel(model)
        self._set_up(row)
        self.setAccessibleName(str(name))
        model.last_fixed_row = self._last_still
        model.about_to_arrange.connect(self._drop_anchor)
        model.arranged.connect(self._hold_anchor)
        self.selectionModel().currentRowChanged.connect(self._tell)
        self.verticalScrollBar().valueChanged.connect(lambda _at: self.seen.emit())
        self.horizontalHeader().sortIndicatorChanged.connect(lambda *_: self.scrollToTop())  # runs after the sort
        self.horizontalHeader().sectionMoved.connect(lambda *_: self.columns_arranged.emit())
        self.doubleClicked.connect(self._open)

    @property
    def table_model(self) -> TableModel:
        """The model."""
        return self._model

    def is_in_use(self) -> bool:
        """Returns whether the user works on the list."""
        return self.isVisible() and ((self.focus_holds_rows and self.hasFocus()) or self.hovered >= 0)

    def rows_in_sight(self) -> tuple[int, int]:
        """Returns the first and the last visible row; the last is -1 when there is none."""
        first, last = self.rowAt(0), self.rowAt(max(0, self.viewport().height() - 1))
        count = self._model.rowCount()
        return (max(first, 0), count - 1 if last < 0 else last)

    def step(self, by: int) -> None:
        """Makes the next (1) or the previous (-1) row that has a record current."""
        model = self.table_model
        row = self.currentIndex().row() + by
        while 0 <= row < model.rowCount() and model.key_at(row) is None:
            row += by
        if 0 <= row < model.rowCount():
            self.setCurrentIndex(model.index(row, 0))

    def choose(self, key: str | None, *, reveal: bool = True) -> None:
        """Selects this record's row without emitting `chosen`; clears the selection when it is not in the table.

        With `reveal` the row is scrolled into view.
        """
        row = self._model.row_of(key) if key else None
        self._is_choosing = True
        if row is None:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        elif row != self.currentIndex().row() or not self.selectionModel().hasSelection():
            self._select(row, reveal=reveal)
        self._is_choosing = False

    @property
    def columns_hidden(self) -> frozenset[str]:
        """The keys of the columns that the user hid."""
        return self._hidden

    def column_order(self) -> tuple[str, ...]:
        """Returns the keys of all columns from left to right."""
        head, columns = self.horizontalHeader(), self._model.columns
        return tuple(columns[head.logicalIndex(at)].key for at in range(len(columns)))

    def arrange_columns(self, order: Sequence[str], hidden: frozenset[str]) -> None:
        """Puts the columns in this order, those not named behind it, and hides `hidden`.

        Unknown keys are ignored. The first column stays the first.
        """
        known = [column.key for column in self._model.columns]
        wanted = [key for key in order if key in known[1:]]
        head = self.horizontalHeader()
        head.blockSignals(True)
        for place, key in enumerate((known[0], *wanted, *(key for key in known[1:] if key not in wanted))):
            head.moveSection(head.visualIndex(known.index(key)), place)
        head.blockSignals(False)
        self._hidden = hidden & frozenset(known)
        self.fit_columns()
        self.viewport().update()
        head.viewport().update()

    def fit_columns(self) -> None:
        """Sets the width of each column; columns shrink or hide when space is short."""
        widths = fit(self._model.columns, self.viewport().width(), without=self._hidden)
        for at, column in enumerate(self._model.columns):
            self.setColumnHidden(at, column.key not in widths)
            if column.key in widths:
                self.setColumnWidth(at, widths[column.key])

    def tick(self) -> None:
        """Updates the visible rows; to be called every second."""
        self._model.tick(*self.rows_in_sight())

    def retell(self) -> None:
        self.setAccessibleName(str(self._name))
        self._model.speak()
        self.fit_columns()

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
        self.setHorizontalHeader(TableHead(self))
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)

    def _last_still(self) -> int | None:
        return self.rows_in_sight()[1] if self.is_in_use() else None

    def _drop_anchor(self) -> None:
        self._is_choosing = True  # when a row goes, Qt selects its neighbour, which the user did not choose
        self._current = self._model.key_at(self.currentIndex().row()) or ""
        first, last = self.rows_in_sight()
        row = self.hovered if self.hovered >= 0 else self.currentIndex().row()
        if not first <= row <= last:
            row = first if self.verticalScrollBar().value() else -1
        key = self._model.key_at(row)
        self._anchor = (key, self.rowViewportPosition(row)) if key else None

    def _hold_anchor(self) -> None:
        self._is_choosing = False
        if self._model.key_at(self.currentIndex().row()) not in (None, self._current):
            self.choose(None)
        if self._anchor is None:
            return
        row = self._model.row_of(self._anchor[0])
        if row is not None:
            moved = row * self.verticalHeader().defaultSectionSize() - self._anchor[1]
            self.updateGeometries()
            self.verticalScrollBar().setValue(moved)
        self.seen.emit()

    def _tell(self, now: QModelIndex, before: QModelIndex) -> None:
        if self._is_choosing or not now.isValid():
            return
        key = self._model.key_at(now.row())
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
        self.scrollTo(self._model.index(row, 0), hint)

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
        if not self.is_in_use() and self._model.has_held_back_changes:
            self._model.let_in()

    def _strip(self, row: int) -> QRect:
        return QRect(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row))

    def _open(self, index: QModelIndex) -> None:
        key = self._model.key_at(index.row())
        if key:
            self.opened.emit(key)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and the last record; rows without a record are skipped."""
        ends = {_ACTS.MoveHome: 0, _ACTS.MoveEnd: self._model.rowCount() - 1}
        row = ends[action] if action in ends else super().moveCursor(action, modifiers).row()
        step = 1 if (row >= self.currentIndex().row() and action != _ACTS.MoveEnd) or action == _ACTS.MoveHome else -1
        while 0 <= row < self._model.rowCount() and self._model.key_at(row) is None:
            row += step
        return self._model.index(row, 0) if 0 <= row < self._model.rowCount() else self.currentIndex()

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
        super().resizeEvent(event)
        self.fit_columns()
        self.seen.emit()
