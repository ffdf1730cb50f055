"""Shows a report on the screen, set as it is on paper, in the colours of the desk."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.handover.blocks import Block, plain_text
from ui.handover.typesetting import paint_strips, strips
from ui.theme import filled

WIDTH, MARGIN = 880, 36  # pixels, at most and around


class ReportView(QWidget):
    """A column of the report's strips, as wide as there is room for; its plain text is its accessible description."""

    def __init__(self) -> None:
        super().__init__()
        filled(self, surface="bg1")
        self._blocks: Sequence[Block] = ()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_blocks(self, blocks: Sequence[Block]) -> None:
        """Shows another report."""
        self._blocks = blocks
        self.setAccessibleDescription(self.text())
        self._take_height()
        self.update()

    def text(self) -> str:
        """Returns the report as lines."""
        return plain_text(self._blocks)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, self.minimumHeight())

    def _column(self) -> int:
        return min(WIDTH, self.width()) - 2 * MARGIN

    def _take_height(self) -> None:
        self.setMinimumHeight(sum(strip.height for strip in strips(self._blocks, self._column())) + 2 * MARGIN)

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._take_height()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, wide = QPainter(self), self._column()
        left, top = (self.width() - wide) // 2, MARGIN
        for strip in strips(self._blocks, wide):
            if top < event.rect().bottom() and top + strip.height > event.rect().top():
                paint_strips(painter, [strip], left, top, wide)
            top += strip.height
        painter.end()
