"""The bar above the board: which cards, what was typed, and the legend of the states of sub-tasks."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from ui.kit.controls.switches import CountTabs
from ui.kit.labels.label import Retranslated
from ui.kit.layouts import hbox
from ui.kit.panels.window_tool import WindowTool
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import phrase, say, word
from ui.leads.columns import CONFLICTS, LEADS, STAGES, WHISTLES, counts
from ui.leads.reading import Reading
from ui.theme import MEASURES, filled, mark, paint

TYPING = 120  # milliseconds without typing before the text filters
FIELD = 168  # pixels
GAP, SHAPE = 14, 16  # pixels between two states of the legend, and for a shape
STATES = ("waiting", "working", "reported", "overdue", "refused")
TITLES = {
    STAGES: phrase("按协调环节"),
    LEADS: phrase("按主办"),
    CONFLICTS: phrase("冲突"),
    WHISTLES: phrase("吹哨"),
}


class Legend(Retranslated, QWidget):
    """Each state of a sub-task with its shape and word; nothing where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.retell()

    def retell(self) -> None:
        said = "  ".join((say("协办"), *(word("task", state) for state in STATES)))
        self.setAccessibleName(said)
        self.setToolTip(plain_tip(said))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths()), MEASURES.dock_header)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, MEASURES.dock_header)

    def paintEvent(self, event: QPaintEvent) -> None:
        widths, painter = self._widths(), QPainter(self)
        left = self.width() - sum(widths)
        for state, wide in zip(STATES, widths, strict=True) if left >= 0 else ():
            box = QRect(left + GAP, 0, wide - GAP, self.height())
            paint.glyph(painter, QPointF(box.left() + 6, box.center().y() + 0.5), f"task.{state}", size=11)
            said = box.adjusted(SHAPE, 0, 2, 0)
            paint.words(painter, said, word("task", state), token="tx2", size=MEASURES.label)
            left += wide
        painter.end()

    def _widths(self) -> list[int]:
        return [GAP + SHAPE + paint.text_width(word("task", state), MEASURES.label) for state in STATES]


class FilterField(Retranslated, QLineEdit):
    """What is typed narrows the cards; Esc clears it, and Esc, Enter or the arrow down leads back to the board."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        mark(self, place="row")
        self.setFixedWidth(FIELD)
        self.setClearButtonEnabled(True)
        self.retell()

    def retell(self) -> None:
        self.setPlaceholderText(say("筛案件和部门"))
        self.setAccessibleName(say("筛案件和部门"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Return):
            if event.key() == Qt.Key.Key_Escape:
                self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)


class LeadsHead(QWidget):
    """Tabs, filter and legend; `changed` is emitted when `tab` or `typed` is another."""

    changed = Signal()
    left = Signal()  # the user wants to go on at the board

    def __init__(self) -> None:
        super().__init__()
        self.tabs, self.legend, self.field, self.tool = CountTabs(), Legend(), FilterField(), WindowTool()
        self._typing = QTimer(self, interval=TYPING, singleShot=True)
        filled(self, place="dock-header")
        self.setFixedHeight(MEASURES.room_tabs)
        for tab, title in TITLES.items():
            self.tabs.add(tab, title, count=0)
        hbox(self, self.tabs, 4, self.field, (self.legend, 1), 8, self.tool, margins=(2, 0, 6, 0))
        self.tabs.chosen.connect(lambda _tab: self.changed.emit())
        self.field.textChanged.connect(lambda _text: self._typing.start())
        self._typing.timeout.connect(self.changed)
        self.field.left.connect(self.left)

    @property
    def tab(self) -> str:
        """Which cards, one of columns.TABS."""
        return self.tabs.current()

    @property
    def typed(self) -> str:
        """What was typed."""
        return self.field.text().strip()

    def show_all(self) -> None:
        """Takes back what narrows the board."""
        self.field.clear()
        self.tabs.choose(STAGES)

    def show_reading(self, reading: Reading) -> None:
        """Shows the counts of the reading."""
        for tab, count in counts(reading).items():
            self.tabs.set_count(tab, count, tone="vio" if count and tab == CONFLICTS else "tx3")
