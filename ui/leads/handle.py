"""A part of a screen that stands for a body and can be dragged by the pointer."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget


class Handle(QWidget):
    """Emits `dragged` with the id of its `body` and the point of the screen, and `dropped` when it is let go."""

    dragged = Signal(str, QPoint)
    dropped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.body, self._may_drag = "", False
        self._pressed: tuple[tuple[str, QPoint], ...] = ()  # what was taken hold of, and where
        self._is_dragged = False

    def stand_for(self, body: str, *, may_drag: bool) -> None:
        """Stands for `body`, which can be dragged or not; what is dragged already stays in the hand."""
        self.body, self._may_drag = body, may_drag
        self.setCursor(Qt.CursorShape.OpenHandCursor if may_drag else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._may_drag:
            self._pressed = ((self.body, event.globalPosition().toPoint()),)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        spot = event.globalPosition().toPoint()
        for body, start in self._pressed:
            self._is_dragged |= (spot - start).manhattanLength() >= QApplication.startDragDistance()
            if self._is_dragged:
                self.dragged.emit(body, spot)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_dragged, self._is_dragged, self._pressed = self._is_dragged, False, ()
        if was_dragged:
            self.dropped.emit()
