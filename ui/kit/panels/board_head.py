"""The bar above a board: tabs with counts, a field that narrows it, a legend, and the tool for a window of its own."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.kit.controls.switches import CountTabs
from ui.kit.labels.label import Retranslated
from ui.kit.labels.legend import Legend
from ui.kit.layouts import hbox
from ui.kit.panels.window_tool import WindowTool
from ui.kit.texts.words import Words
from ui.theme import MEASURES, filled, mark

TYPING = 120  # milliseconds without typing before the text filters
FIELD = 168  # pixels


class FilterField(Retranslated, QLineEdit):
    """What is typed narrows the board; Esc clears it, and Esc, Enter or the arrow down leads back to the board."""

    left = Signal()

    def __init__(self, hint: Words) -> None:
        super().__init__()
        self._hint = hint
        mark(self, place="row")
        self.setFixedWidth(FIELD)
        self.setClearButtonEnabled(True)
        self.retell()

    def retell(self) -> None:
        self.setPlaceholderText(str(self._hint))
        self.setAccessibleName(str(self._hint))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Return):
            if event.key() == Qt.Key.Key_Escape:
                self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)


class BoardHead(QWidget):
    """`tabs` are titles by id, the first one without anything left out; `hint` says what the field looks in.

    `changed` is emitted when `tab` or `typed` is another.
    """

    changed = Signal()
    left = Signal()  # the user wants to go on at the board

    def __init__(self, tabs: Mapping[str, Words], hint: Words, legend: Legend) -> None:
        super().__init__()
        self.tabs, self.legend, self.field, self.tool = CountTabs(), legend, FilterField(hint), WindowTool()
        self._first = next(iter(tabs))
        self._typing = QTimer(self, interval=TYPING, singleShot=True)
        filled(self, place="dock-header")
        self.setFixedHeight(MEASURES.room_tabs)
        for tab, title in tabs.items():
            self.tabs.add(tab, title)
        hbox(self, self.tabs, 4, self.field, (self.legend, 1), 8, self.tool, margins=(2, 0, 6, 0))
        self.tabs.chosen.connect(lambda _tab: self.changed.emit())
        self.field.textChanged.connect(lambda _text: self._typing.start())
        self._typing.timeout.connect(self.changed)
        self.field.left.connect(self.left)

    @property
    def tab(self) -> str:
        """The id of the tab in front."""
        return self.tabs.current()

    @property
    def typed(self) -> str:
        """What was typed."""
        return self.field.text().strip()

    def show_all(self) -> None:
        """Takes back what narrows the board."""
        self.field.clear()
        self.tabs.choose(self._first)
