"""A layer over a window, between its bars: it dims what lies beneath and holds a box that is open for a while."""

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme import colour
from ui.theme.tokens import MEASURES

DEPTH = 0.55  # how much of what lies beneath is dimmed


class Scrim(QWidget):
    """Covers its parent below the top bar and above the status bar, or all of it where there are no `bars`.

    `closed` when it hides, so that the keyboard focus can return; a click beside the box hides it.
    """

    closed = Signal()

    def __init__(self, parent: QWidget, *, bars: bool = True) -> None:
        super().__init__(parent)
        self._under, self._bars = parent, bars
        self.hide()

    def cover(self) -> QRect:
        """Takes its place and returns its own rectangle."""
        top, foot = (MEASURES.top_bar, MEASURES.status_bar) if self._bars else (0, 0)
        self.setGeometry(0, top, self._under.width(), self._under.height() - top - foot)
        return self.rect()

    def close_box(self) -> None:
        """Hides it and emits `closed`."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("bg0", alpha=DEPTH))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close_box()
