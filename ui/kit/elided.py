"""Texts of one line that give way: elided where there is little room, the whole of it in the tooltip."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.label import Retold
from ui.kit.tips import plain_tip
from ui.kit.words import Words
from ui.theme import MEASURES, paint


class ElidedText(Retold, QWidget):
    """A secondary text in `tone`, at the right unless `left`; it takes what the others leave."""

    _size, _bold, _tall = MEASURES.label, False, 20

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
        return QSize(paint.text_width(str(self._words), self._size, self._bold) + 1, self._tall)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._tall)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.words(
            painter,
            self.rect(),
            str(self._words),
            token=self._tone,
            size=self._size,
            bold=self._bold,
            align=self._align,
        )
        painter.end()


class PanelTitle(ElidedText):
    """What a panel is about, in the size of a title: it has its words' room before any aside, and no more than that."""

    _size, _bold, _tall = MEASURES.title, True, 28

    def __init__(self, text: Words = "", *, parent: QWidget | None = None) -> None:
        super().__init__(text, tone="tx1", left=True, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def retell(self) -> None:
        super().retell()
        self.updateGeometry()
