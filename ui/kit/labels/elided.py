"""Single-line texts that are elided when space is short, with the full text in the tooltip."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.labels.label import Retranslated
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import Words
from ui.theme import MEASURES, paint


class ElidedText(Retranslated, QWidget):
    """A secondary text in colour token `tone`, right-aligned unless `left`; it takes the width that others leave."""

    _size, _bold, _tall = MEASURES.label, False, 20

    def __init__(self, text: Words = "", *, tone: str = "tx3", left: bool = False) -> None:
        super().__init__()
        self._words, self._brief, self._tone = text, "", tone
        self._align = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retell()

    def set_words(self, text: Words, *, tone: str | None = None, brief: str = "") -> None:
        """Sets another text and, if given, another tone; costs nothing when both are the same.

        `brief` is painted in its place where it has no room.
        """
        self._brief = brief
        before, self._words, self._tone = (str(self._words), self._tone), text, tone or self._tone
        if before != (str(text), self._tone):
            self.retell()

    def text(self) -> str:
        """Returns the full text."""
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
        is_whole = not self._brief or self.sizeHint().width() <= self.width()
        paint.words(
            painter,
            self.rect(),
            str(self._words) if is_whole else self._brief,
            token=self._tone,
            size=self._size,
            bold=self._bold,
            align=self._align,
        )
        painter.end()


class TickingText(ElidedText):
    """A strong text that changes each second: it keeps the widest width it has needed, so no layout follows a tick."""

    _size, _bold = MEASURES.body, True

    def __init__(self) -> None:
        super().__init__(tone="tx1")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def retell(self) -> None:
        super().retell()
        self.setMinimumWidth(max(self.minimumWidth(), self.sizeHint().width()))  # costs nothing while it is enough


class PanelTitle(ElidedText):
    """Title of a panel; it gets the width of its text before any `ElidedText` beside it, and no more."""

    _size, _bold, _tall = MEASURES.title, True, 28

    def __init__(self) -> None:
        super().__init__(tone="tx1", left=True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def retell(self) -> None:
        super().retell()
        self.updateGeometry()
