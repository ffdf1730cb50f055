"""Counts what is painted."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget


class PaintCounter(QObject):
    """Holds which widgets in `area` were painted, since the last `clear`."""

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self.painted: set[QWidget] = set()
        for widget in (area, *area.findChildren(QWidget)):
            widget.installEventFilter(self)

    def clear(self) -> None:
        QApplication.processEvents()
        self.painted.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.painted.add(watched)
        return False
