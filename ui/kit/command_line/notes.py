"""A short list of remarks below a sentence, each with an icon in its colour."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme import icons, paint
from ui.theme.tokens import MEASURES

STEP = 24


class Notes(QWidget):
    """Remarks as (icon name, text colour token, text), one line each; hidden when there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notes: tuple[tuple[str, str, str], ...] = ()
        self.hide()

    def show_notes(self, notes: Sequence[tuple[str, str, str]]) -> None:
        """Replaces the remarks."""
        self._notes = tuple(notes)
        self.setAccessibleName("\n".join(text for *_, text in self._notes))
        self.setFixedHeight(STEP * len(self._notes))
        self.setVisible(bool(self._notes))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, STEP * len(self._notes))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for number, (image, tone, text) in enumerate(self._notes):
            top = number * STEP
            drawn = icons.pixmap(image, tone, 14, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(0, top + (STEP - 14) / 2), drawn)
            box = QRectF(24, top, self.width() - 24, STEP)
            paint.words(painter, box, text, token="tx2" if tone == "ok" else tone, size=MEASURES.label)
