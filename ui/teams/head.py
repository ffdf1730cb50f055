"""The bar above the lanes: by street or power, which crews, what was typed, and the legend with counts per status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from commandcenter.domain.teams import CrewStatus
from ui.kit.controls.switches import CountTabs
from ui.kit.labels.label import Retranslated
from ui.kit.layouts import hbox
from ui.kit.panels.window_tool import WindowTool
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import phrase, say, word
from ui.teams.lanes import strained
from ui.teams.reading import Reading
from ui.theme import MEASURES, filled, mark, paint

TYPING = 120  # milliseconds without typing before the text filters
FIELD = 168  # pixels
GAP, SHAPE = 14, 16  # pixels between two states of the legend, and for a shape
STATES = (*(one for one in CrewStatus if one is not CrewStatus.OFF_DUTY), CrewStatus.OFF_DUTY)


class Legend(Retranslated, QWidget):
    """Each status of a crew with its shape, word and count; without the words where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: Mapping[CrewStatus, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: Mapping[CrewStatus, int]) -> None:
        """Shows how many crews are in each status."""
        if counts != self._counts:
            self._counts = counts
            self.updateGeometry()
            self.retell()

    def retell(self) -> None:
        said = "  ".join(f"{word('status', one)} {self._counts.get(one, 0)}" for one in STATES)
        self.setAccessibleName(said)
        self.setToolTip(plain_tip(said))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths(words=True)), MEASURES.dock_header)

    def minimumSizeHint(self) -> QSize:
        return QSize(sum(self._widths(words=False)), MEASURES.dock_header)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        words = self.width() >= self.sizeHint().width()
        widths = self._widths(words=words)
        left = self.width() - sum(widths)
        for one, wide in zip(STATES, widths, strict=True):
            box = QRect(left + GAP, 0, wide - GAP, self.height())
            paint.glyph(painter, QPointF(box.left() + 6, box.center().y() + 0.5), f"crew.{one}", size=11)
            paint.words(
                painter, box.adjusted(SHAPE, 0, 2, 0), self._said(one, words=words), token="tx2", size=MEASURES.label
            )
            left += wide
        painter.end()

    def _widths(self, *, words: bool) -> list[int]:
        return [GAP + SHAPE + paint.text_width(self._said(one, words=words), MEASURES.label) for one in STATES]

    def _said(self, one: CrewStatus, *, words: bool) -> str:
        count = self._counts.get(one, 0)
        return f"{word('status', one)} {count}" if words else str(count)


class FilterField(Retranslated, QLineEdit):
    """What is typed narrows the rows; Esc clears it, and Esc or the arrow down leads back to the lanes."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        mark(self, place="row")
        self.setFixedWidth(FIELD)
        self.setClearButtonEnabled(True)
        self.retell()

    def retell(self) -> None:
        self.setPlaceholderText(say("筛案件和队组"))
        self.setAccessibleName(say("筛案件和队组"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Return):
            if event.key() == Qt.Key.Key_Escape:
                self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)


class TeamsHead(QWidget):
    """Tabs, legend and filter; `changed` is emitted when `tab` or `typed` is another."""

    changed = Signal()
    left = Signal()  # the user wants to go on in the lanes

    def __init__(self) -> None:
        super().__init__()
        self.tabs, self.legend, self.field, self.tool = CountTabs(), Legend(), FilterField(), WindowTool()
        self._typing = QTimer(self, interval=TYPING, singleShot=True)
        filled(self, place="dock-header")
        self.setFixedHeight(MEASURES.room_tabs)
        self.tabs.add("streets", phrase("按街镇"), count=0)
        self.tabs.add("powers", phrase("按职权"), count=0)
        self.tabs.add("available", phrase("待命"), count=0)
        self.tabs.add("strained", phrase("超阈值"), count=0)
        hbox(self, self.tabs, 4, self.field, (self.legend, 1), 8, self.tool, margins=(2, 0, 6, 0))
        self.tabs.chosen.connect(lambda _tab: self.changed.emit())
        self.field.textChanged.connect(lambda _text: self._typing.start())
        self._typing.timeout.connect(self.changed)
        self.field.left.connect(self.left)

    @property
    def tab(self) -> str:
        """Which lanes or crews: "streets", "powers", "available" or "strained"."""
        return self.tabs.current()

    @property
    def typed(self) -> str:
        """What was typed."""
        return self.field.text().strip()

    def show_all(self) -> None:
        """Takes back what narrows the lanes."""
        self.field.clear()
        self.tabs.choose("streets")

    def show_reading(self, reading: Reading) -> None:
        """Shows the counts of the crews whose units are in the lanes."""
        crews = [crew for unit in reading.units for crew in reading.crews.get(unit.id, ())]
        counts = Counter(crew.status for crew in crews)
        long = len(strained(reading))
        self.tabs.set_count("streets", len(reading.streets))
        self.tabs.set_count("powers", len(reading.powers))
        self.tabs.set_count("available", counts[CrewStatus.AVAILABLE])
        self.tabs.set_count("strained", long, tone="bad" if long else "tx3")
        self.legend.show_counts(counts)
