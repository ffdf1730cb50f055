"""What was done and took its way, and how the command line says it, for some seconds in the status bar."""

from PySide6.QtCore import QPointF, QRect, QSize, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.labels.label import Retranslated
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import Words, say
from ui.theme import icons, paint
from ui.theme.tokens import MEASURES

SECONDS = 12
ICON, GAP, PADDING, LEAST = 14, 6, 12, 120  # pixels; with less room than the last nothing is shown
BETWEEN = 16  # pixels, of what was done and how it is typed
DONE = "delivery.done"


class CommandHint(Retranslated, QWidget):
    """Takes the room that the segments of the status bar leave; empty most of the time."""

    def __init__(self) -> None:
        super().__init__()
        self._told: Words = ""
        self._glyph = DONE
        self._line = ""
        self.setFixedHeight(MEASURES.status_bar - 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._until = QTimer(self, interval=SECONDS * 1000, singleShot=True)
        self._until.timeout.connect(self._end)

    def tell(self, told: Words, *, glyph: str = DONE) -> None:
        """Shows what was done in the place of all that stood here; `glyph` names its delivery state."""
        self._told, self._glyph, self._line = told, glyph, ""
        self._begin()

    def show_line(self, line: str) -> None:
        """Shows the line that does the same, in the place of the former one; "" shows none."""
        self._line = line
        self._begin()

    def clear(self) -> None:
        """Shows nothing: another person sits here."""
        self._until.stop()
        self._end()

    def text(self) -> str:
        """Returns what is shown, as a screen reader reads it."""
        return self.accessibleName()

    def retell(self) -> None:
        typed = say("命令行这样打：{line}", line=self._line) if self._line else ""
        said = "  ".join(filter(None, (str(self._told), typed)))
        self.setAccessibleName(said)
        self.setToolTip(plain_tip(said))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, MEASURES.status_bar - 1)

    def _begin(self) -> None:
        self.retell()
        if self._line or self._told:
            self._until.start()

    def _end(self) -> None:
        self._told, self._line = "", ""
        self.retell()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.width() < LEAST:
            return
        painter = QPainter(self)
        box = self.rect().adjusted(PADDING, 0, -PADDING, 0)
        if str(self._told):
            self._paint_told(painter, box)
        if self._line and box.width() > LEAST // 2:
            self._paint_line(painter, box)
        painter.end()

    def _paint_told(self, painter: QPainter, box: QRect) -> None:
        """Paints what was done, and leaves in `box` the room beside it."""
        paint.glyph(painter, QPointF(box.left() + ICON / 2, self.height() / 2), self._glyph, size=10)
        box.setLeft(box.left() + ICON + GAP)
        paint.words(painter, box, str(self._told), token="tx1", size=MEASURES.label)
        box.setLeft(box.left() + paint.text_width(str(self._told), MEASURES.label) + BETWEEN)

    def _paint_line(self, painter: QPainter, box: QRect) -> None:
        drawn = icons.pixmap("square-terminal", "tx3", ICON, self.devicePixelRatioF())
        painter.drawPixmap(box.left(), (self.height() - ICON) // 2, drawn)
        box.setLeft(box.left() + ICON + GAP)
        lead = say("也可以打")
        if box.width() > paint.text_width(f"{lead} {self._line}", MEASURES.label) + GAP:
            paint.words(painter, box, lead, token="tx3", size=MEASURES.label)
            box.setLeft(box.left() + paint.text_width(lead, MEASURES.label) + GAP)
        paint.words(painter, box, self._line, token="tx1", size=MEASURES.label)
