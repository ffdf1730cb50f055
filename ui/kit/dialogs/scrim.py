"""Dims the window under a dialog, above its status bar."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStatusBar, QWidget

from ui.kit.controls.scrim import DEPTH
from ui.theme import MEASURES, colour


class DialogScrim(QWidget):
    """Covers `under` until it is deleted, but for its status bar, which goes on being read."""

    def __init__(self, under: QWidget) -> None:
        super().__init__(under)
        self._under = under
        under.installEventFilter(self)
        self.fit()
        self.show()
        self.raise_()

    def fit(self) -> None:
        """Covers the window as large as it is now."""
        self.setGeometry(0, 0, self._under.width(), clear_height(self._under))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.fit()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), colour("bg0", alpha=DEPTH))


def clear_height(window: QWidget) -> int:
    """Returns the height of a window without its status bar, in pixels."""
    return window.height() - (MEASURES.status_bar if window.findChild(QStatusBar) is not None else 0)
