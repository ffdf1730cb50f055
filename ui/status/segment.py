"""One segment of the status bar: a glyph or an icon, and texts in a few tones, painted on one line."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.controls.clickable import Clickable
from ui.kit.texts.tips import plain_tip
from ui.theme import icons, paint
from ui.theme.current_theme import colour
from ui.theme.tokens import MEASURES

PADDING = 12
GAP = 6
MARK = 12
ICON = 14


@dataclass(frozen=True, slots=True)
class SegmentText:
    """A text in a tone."""

    text: str
    tone: str = "tx2"
    bold: bool = False

    def width(self) -> int:
        """Returns the width of the text in pixels."""
        return paint.text_width(self.text, MEASURES.label, self.bold)


class Segment(Clickable):
    """A painted, clickable widget; its texts are its accessible name.

    The border is at the right, or at the left with ``mirror``.
    """

    def __init__(self, *, mirror: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mirror = mirror
        self._parts: tuple[SegmentText, ...] = ()
        self._glyph = self._icon = ""
        self._least = 0
        self.setFixedHeight(MEASURES.status_bar - 1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def keep_room(self, texts: Sequence[str]) -> None:
        """Makes the segment never narrower than with `texts` and a glyph."""
        self._least = self._width_of([SegmentText(text, bold=True) for text in texts], MARK + GAP)
        self.setFixedWidth(self.sizeHint().width())

    def show_parts(self, parts: Sequence[SegmentText], *, glyph: str = "", icon: str = "", tip: str = "") -> None:
        """Shows ``parts`` from the left; ``glyph`` is a light or delivery glyph, ``icon`` an icon's name."""
        fresh = tuple(parts), glyph, icon
        if fresh != (self._parts, self._glyph, self._icon):
            self._parts, self._glyph, self._icon = fresh
            self.setAccessibleName(" ".join(part.text for part in self._parts))
            if self.sizeHint().width() != self.width():
                self.setFixedWidth(self.sizeHint().width())
            self.update()
        self.setToolTip(plain_tip(tip))

    def text(self) -> str:
        """Returns the texts as a screen reader reads them."""
        return self.accessibleName()

    def sizeHint(self) -> QSize:
        marks = (MARK + GAP if self._glyph else 0) + (ICON + GAP if self._icon else 0)
        return QSize(max(self._least, self._width_of(self._parts, marks)), MEASURES.status_bar)

    def _width_of(self, parts: Sequence[SegmentText], marks: int) -> int:
        return PADDING * 2 + marks + sum(part.width() for part in parts) + GAP * max(len(parts) - 1, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.underMouse() and self.cursor().shape() == Qt.CursorShape.PointingHandCursor:
            painter.fillRect(self.rect(), colour("hover"))
        edge = 0 if self._mirror else self.width() - 1
        paint.hairline(painter, edge, 0, edge, self.height(), token="ln2")
        left = float(PADDING)
        middle = self.height() / 2
        if self._glyph:
            paint.glyph(painter, QPointF(left + MARK / 2, middle), self._glyph, size=10)
            left += MARK + GAP
        if self._icon:
            painter.drawPixmap(
                QPointF(left, middle - ICON / 2), icons.pixmap(self._icon, "tx2", ICON, self.devicePixelRatioF())
            )
            left += ICON + GAP
        for part in self._parts:
            box = QRectF(left, 0, part.width() + 1, self.height())
            paint.words(painter, box, part.text, token=part.tone, size=MEASURES.label, bold=part.bold)
            left += part.width() + GAP
