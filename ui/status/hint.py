"""How the command line says what a person just gave by button, key, menu or drag, for some seconds."""

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.labels.label import Retranslated
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import say
from ui.theme import icons, paint
from ui.theme.tokens import MEASURES

SECONDS = 12
ICON, GAP, PADDING, LEAST = 14, 6, 12, 120  # pixels; with less room than the last nothing is shown


class CommandHint(Retranslated, QWidget):
    """Takes the room that the segments of the status bar leave; empty most of the time."""

    def __init__(self) -> None:
        super().__init__()
        self._line = ""
        self.setFixedHeight(MEASURES.status_bar - 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._until = QTimer(self, interval=SECONDS * 1000, singleShot=True)
        self._until.timeout.connect(lambda: self.show_line(""))

    def show_line(self, line: str) -> None:
        """Shows a line in the place of the former one; "" shows none."""
        self._line = line
        self.retell()
        if line:
            self._until.start()

    def text(self) -> str:
        """Returns what is shown, as a screen reader reads it."""
        return self.accessibleName()

    def retell(self) -> None:
        told = say("命令行这样打：{line}", line=self._line) if self._line else ""
        self.setAccessibleName(told)
        self.setToolTip(plain_tip(told))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, MEASURES.status_bar - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._line or self.width() < LEAST:
            return
        painter = QPainter(self)
        box = self.rect().adjusted(PADDING, 0, -PADDING, 0)
        drawn = icons.pixmap("square-terminal", "tx3", ICON, self.devicePixelRatioF())
        painter.drawPixmap(box.left(), (self.height() - ICON) // 2, drawn)
        box.setLeft(box.left() + ICON + GAP)
        lead = say("也可以打")
        if box.width() > paint.text_width(f"{lead} {self._line}", MEASURES.label) + GAP:
            paint.words(painter, box, lead, token="tx3", size=MEASURES.label)
            box.setLeft(box.left() + paint.text_width(lead, MEASURES.label) + GAP)
        paint.words(painter, box, self._line, token="tx1", size=MEASURES.label)
        painter.end()
