"""Keeps the row in use at its place on the screen while a table is arranged, and the place of one that left."""

from collections.abc import Callable

from PySide6.QtWidgets import QTableView

from ui.kit.tables.model import TableModel


class KeptPlace:
    """Follows `model`; `gap` is the row to go on from when no row of `table` is current: where the last left, else 0.

    `row_in_use` returns the row that keeps its place on the screen, -1 for none; `clear` makes no row current.
    """

    def __init__(
        self, table: QTableView, model: TableModel, row_in_use: Callable[[], int], clear: Callable[[], object]
    ) -> None:
        self.gap = 0
        self.is_arranging = False
        self._table, self._model, self._row_in_use, self._clear = table, model, row_in_use, clear
        self._current = self._next = ""  # before the rows are arranged: the current row's record, and the one after it
        self._anchor, self._anchor_y = "", 0  # the record of the row in use, "" for none, and its place in pixels
        model.about_to_arrange.connect(self._note)
        model.arranged.connect(self._restore)

    def _note(self) -> None:
        self.is_arranging = True
        row, used = self._table.currentIndex().row(), self._row_in_use()
        self._current = self._model.key_at(row) or ""
        self.gap = row if row >= 0 else self.gap
        after = range(row + 1 if row >= 0 else self.gap, self._model.rowCount())
        self._next = next((key for at in after if (key := self._model.key_at(at))), "")
        self._anchor, self._anchor_y = self._model.key_at(used) or "", self._table.rowViewportPosition(used)

    def _restore(self) -> None:
        self.is_arranging = False
        if self._model.key_at(self._table.currentIndex().row()) not in (None, self._current):
            self._clear()  # when a row goes, Qt selects its neighbour, which the user did not choose
        following, row = self._model.row_of(self._next), self._model.row_of(self._anchor)
        self.gap = self.gap if following is None else following
        if row is not None:
            moved = row * self._table.verticalHeader().defaultSectionSize() - self._anchor_y
            self._table.updateGeometries()
            self._table.verticalScrollBar().setValue(moved)
