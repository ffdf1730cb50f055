"""A layer over a window, between its bars: it dims what lies beneath and may hold a box that is open for a while."""

from PySide6.QtCore import QEvent, QObject, QRect, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme import colour
from ui.theme.tokens import MEASURES

DEPTH = 0.55  # how much of what lies beneath is dimmed


class Scrim(QWidget):
    """Covers its parent but for `top` pixels above and `foot` pixels below, also when that changes its size.

    `closed` when it hides, so that the keyboard focus can return; a click beside the box hides it.
    """

    closed = Signal()

    def __init__(self, parent: QWidget, *, top: int = MEASURES.top_bar, foot: int = MEASURES.status_bar) -> None:
        super().__init__(parent)
        self._under, self._top, self._foot = parent, top, foot
        parent.installEventFilter(self)
        self.hide()

    def cover(self) -> QRect:
        """Takes its place and returns its own rectangle."""
        self.setGeometry(0, self._top, self._under.width(), self._under.height() - self._top - self._foot)
        return self.rect()

    def fit(self) -> None:
        """Takes its place; with a box, also that of the box."""
        self.cover()

    def close_box(self) -> None:
        """Hides it and emits `closed`."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._under and event.type() == QEvent.Type.Resize and not self.isHidden():
            self.fit()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), colour("bg0", alpha=DEPTH))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close_box()
