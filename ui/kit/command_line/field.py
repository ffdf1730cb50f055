"""Input field of the command line; recognised words are tinted."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.kit.command_line.parts import CommandLine, LinePart
from ui.kit.labels.label import Label
from ui.kit.layouts import hbox
from ui.kit.texts.words import phrase
from ui.theme import colour, font, icon, mark
from ui.theme.tokens import MEASURES

HEIGHT = 50


class _Tinted(QLineEdit):
    """Line edit that paints a tint behind its first ``known`` words."""

    known = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("acb"))
        face = QFontMetrics(font(MEASURES.title))
        text, start = self.text(), 0
        for word in text.split()[: self.known]:
            start = text.index(word, start)
            left = 2 + face.horizontalAdvance(text[:start])
            wide = face.horizontalAdvance(word)
            painter.drawRoundedRect(QRectF(left - 4, self.height() / 2 - 13, wide + 8, 26), 4, 4)
            start += len(word)
        painter.end()
        super().paintEvent(event)


class CommandField(QWidget):
    """An icon, the line edit, and at the right the names of the parts that the recognised verb needs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.edit = mark(_Tinted(self), place="command", ring=False)
        self.edit.setFont(font(MEASURES.title))
        self._parts = Label(level="label", parent=self)
        image = Label(parent=self)
        image.setPixmap(icon("square-terminal", "tx2").pixmap(16, 16))
        row = hbox(self, image, self.edit, self._parts, margins=(16, 0, 16, 0), spacing=14)
        row.setStretch(1, 1)
        self.textChanged = self.edit.textChanged
        self.setFocusProxy(self.edit)

    def text(self) -> str:
        """Returns the typed text."""
        return self.edit.text()

    def setText(self, typed: str) -> None:
        """Replaces the typed text."""
        self.edit.setText(typed)

    def show_parsed(self, line: CommandLine) -> None:
        """Tints the recognised verb and case and shows the names of the parts."""
        self.edit.known = _known_words(line)
        self.edit.setPlaceholderText(str(phrase("动词、案件、对象；例如 pd 0421 城管")))
        names = {
            LinePart.CASE: phrase("案件"),
            LinePart.TARGET: phrase("对象"),
            LinePart.MOMENT: phrase("时间"),
            LinePart.TEXT: phrase("说明"),
        }
        needed = [str(names[part]) for part in (line.verb.needs if line.verb else ())]
        self._parts.setText(" · ".join([str(phrase("动词")), *needed]) if line.verb else "")
        self.edit.update()

    def show_recalling(self) -> None:
        """Tints nothing and says that earlier lines are filtered."""
        self.edit.known = 0
        self.edit.setPlaceholderText(str(phrase("输入几个字筛选以前的命令")))
        self._parts.setText("")
        self.edit.update()


def _known_words(line: CommandLine) -> int:
    """Returns how many words from the beginning are a verb and its case."""
    if not line.clauses:
        return 0
    is_waiting = len(line.clauses) == 1 and line.missing is LinePart.CASE
    return 1 + (line.clauses[0].case is not None and not is_waiting)
