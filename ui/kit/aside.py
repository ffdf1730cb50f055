"""A secondary text that gives way: right-aligned, elided, its whole text in the tooltip."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.label import Retold, plain_tip
from ui.kit.words import Words
from ui.theme import MEASURES, paint


class Aside(Retold, QWidget):
    """One line in `tone`; it takes what the others leave."""

    def __init__(
        self, text: Words = "", *, tone: str = "tx3", left: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words, self._tone = text, tone
        self._align = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retell()

    def set_words(self, text: Words, *, tone: str | None = None) -> None:
        """Show another text."""
        self._words, self._tone = text, tone or self._tone
        self.retell()

    def text(self) -> str:
        """What is shown, unshortened."""
        return str(self._words)

    def retell(self) -> None:
        said = str(self._words)
        self.setAccessibleName(said)
        self.setToolTip(plain_tip(said))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(paint.text_width(str(self._words), MEASURES.label), 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.words(painter, self.rect(), str(self._words), token=self._tone, size=MEASURES.label, align=self._align)
        painter.end()
