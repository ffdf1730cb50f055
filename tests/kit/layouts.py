"""Counts how often the layouts of a widget are worked out again."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget


class LayoutCounter(QObject):
    """Counts the layout requests of `watched` since it was made."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        QApplication.processEvents()
        self._count = 0
        watched.installEventFilter(self)

    @property
    def count(self) -> int:
        """How many there were, those that wait included."""
        QApplication.processEvents()
        return self._count

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self._count += event.type() == QEvent.Type.LayoutRequest
        return False
