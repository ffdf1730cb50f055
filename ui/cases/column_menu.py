"""The choice of columns: which are shown, in what order; kept as one line of words."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from ui.kit.columns import Column
from ui.kit.table_view import TableView
from ui.kit.words import say

ALWAYS = ("time", "number", "kind", "stage")  # columns that cannot be left out
LEFT_OUT = "-"  # before the key of a column that is left out


class ColumnMenu(QMenu):
    """Ticks for what may be left out, columns to the left or right, and back to the usual; stays open while ticking."""

    def __init__(self, view: TableView, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        columns = {column.key: column for column in view.table_model.columns}
        order = [columns[key] for key in view.column_order()]
        for column in order:
            if column.key not in ALWAYS:
                self._add_tick(column)
        self.addSeparator()
        self._add_moves(say("左移一列"), order[2:], -1)
        self._add_moves(say("右移一列"), order[1:-1], 1)
        self.addSeparator()
        self.addAction(say("恢复默认列"), lambda: self._arrange((), frozenset()))

    def drop(self, under: QWidget) -> None:
        """Open beneath a widget."""
        self.popup(under.mapToGlobal(QPoint(0, under.height() + 3)))

    def _add_tick(self, column: Column) -> None:
        action = self.addAction(say(column.title))
        action.setCheckable(True)
        action.setChecked(column.key not in self._view.columns_hidden)
        action.toggled.connect(lambda on: self._show_column(column.key, on))

    def _add_moves(self, title: str, columns: list[Column], by: int) -> None:
        shelf = self.addMenu(title)
        for column in columns:
            shelf.addAction(say(column.title), partial(self._move, column.key, by))

    def _show_column(self, key: str, on: bool) -> None:
        hidden = self._view.columns_hidden
        self._arrange(self._view.column_order(), hidden - {key} if on else hidden | {key})

    def _move(self, key: str, by: int) -> None:
        order = list(self._view.column_order())
        at = order.index(key)
        order.insert(at + by, order.pop(at))
        self._arrange(tuple(order), self._view.columns_hidden)

    def _arrange(self, order: tuple[str, ...], hidden: frozenset[str]) -> None:
        self._view.arrange_columns(order, hidden)
        self._view.columns_arranged.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.actionAt(event.position().toPoint())
        if action is not None and action.isCheckable():
            action.toggle()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.activeAction()
        if event.key() == Qt.Key.Key_Space and action is not None and action.isCheckable():
            action.toggle()
        else:
            super().keyPressEvent(event)


def written(view: TableView) -> str:
    """The columns of a view as one line: "time number -channel"."""
    hidden = view.columns_hidden
    return " ".join(LEFT_OUT * (key in hidden) + key for key in view.column_order())


def read_into(view: TableView, line: str) -> None:
    """Arrange a view's columns as `written`; an empty line is the usual arrangement."""
    keys = line.split()
    hidden = frozenset(key[1:] for key in keys if key.startswith(LEFT_OUT)) - frozenset(ALWAYS)
    view.arrange_columns([key.removeprefix(LEFT_OUT) for key in keys], hidden)
