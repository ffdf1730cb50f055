"""The menu for choosing and ordering a table's columns, and the string in which the choice is stored."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from ui.kit.tables.columns import Column
from ui.kit.tables.head import TableHead
from ui.kit.texts.words import say

ALWAYS = ("time", "number", "kind", "stage")  # columns that cannot be hidden
LEFT_OUT = "-"  # prefix of a hidden column's key


class ColumnMenu(QMenu):
    """A menu that hides, shows and moves columns or restores the defaults; it stays open while columns are ticked."""

    def __init__(self, head: TableHead, parent: QWidget) -> None:
        super().__init__(parent)
        self._head = head
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        columns = {column.key: column for column in head.columns}
        order = [columns[key] for key in head.order()]
        for column in order:
            if column.key not in ALWAYS:
                self._add_tick(column)
        self.addSeparator()
        self._add_moves(say("左移一列"), order[2:], -1)
        self._add_moves(say("右移一列"), order[1:-1], 1)
        self.addSeparator()
        self.addAction(say("恢复默认列"), lambda: self._arrange((), frozenset()))

    def _add_tick(self, column: Column) -> None:
        action = self.addAction(say(column.title))
        action.setCheckable(True)
        action.setChecked(column.key not in self._head.hidden)
        action.toggled.connect(lambda on: self._show_column(column.key, on))

    def _add_moves(self, title: str, columns: list[Column], by: int) -> None:
        shelf = self.addMenu(title)
        for column in columns:
            shelf.addAction(say(column.title), partial(self._move, column.key, by))

    def _show_column(self, key: str, on: bool) -> None:
        hidden = self._head.hidden
        self._arrange(self._head.order(), hidden - {key} if on else hidden | {key})

    def _move(self, key: str, by: int) -> None:
        order = list(self._head.order())
        at = order.index(key)
        order.insert(at + by, order.pop(at))
        self._arrange(tuple(order), self._head.hidden)

    def _arrange(self, order: tuple[str, ...], hidden: frozenset[str]) -> None:
        self._head.arrange(order, hidden)
        self._head.columns_arranged.emit()

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


def columns_to_text(head: TableHead) -> str:
    """Returns the columns of `head` as a string, in order, hidden ones with a prefix: "time number -channel"."""
    hidden = head.hidden
    return " ".join(LEFT_OUT * (key in hidden) + key for key in head.order())


def arrange_from_text(head: TableHead, line: str) -> None:
    """Arranges the columns of `head` as `columns_to_text` returned them; an empty string restores the defaults."""
    keys = line.split()
    hidden = frozenset(key[1:] for key in keys if key.startswith(LEFT_OUT)) - frozenset(ALWAYS)
    head.arrange([key.removeprefix(LEFT_OUT) for key in keys], hidden)
