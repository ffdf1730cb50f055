"""A wrapped sentence in which some words are bold or coloured: plain text with its own layout, never rich text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from commandcenter.domain.text import visible
from ui.theme import colour, font
from ui.theme.tokens import MEASURES

LEADING = 1.6  # line height as a multiple of the font size: Chinese needs the space


@dataclass(frozen=True, slots=True)
class TextSpan:
    """Some text, bold or in another text colour token."""

    text: str
    bold: bool = False
    tone: str = "tx1"


def marked(text: str) -> tuple[TextSpan, ...]:
    """Returns the spans of a sentence; text between two asterisks is bold."""
    return tuple(TextSpan(piece, bold=at % 2 == 1) for at, piece in enumerate(text.split("*")) if piece)


class TextSpans(QWidget):
    """Shows spans as one wrapped paragraph at ``size`` pixels; its height follows its width."""

    def __init__(self, *, size: int = MEASURES.section, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self._spans: tuple[TextSpan, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_spans(self, spans: Sequence[TextSpan]) -> None:
        """Replaces the sentence."""
        self._spans = tuple(replace(span, text=visible(span.text)) for span in spans)
        self.setAccessibleName(self.text())
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """Returns the whole sentence."""
        return "".join(span.text for span in self._spans)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._laid(width).lineCount() * self._size * LEADING) if self._spans else 0

    def sizeHint(self) -> QSize:
        return QSize(400, self.heightForWidth(max(self.width(), 400)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.heightForWidth(max(self.width(), 120)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        layout = self._laid(self.width())
        layout.draw(painter, QPointF(0, 0))
        painter.end()

    def _laid(self, width: int) -> QTextLayout:
        return paragraph(self._spans, width, self._size)


def paragraph(spans: Sequence[TextSpan], width: float, size: int) -> QTextLayout:
    """Returns `spans` as a paragraph of lines no wider than `width`, set at `size` pixels."""
    layout = QTextLayout("".join(span.text for span in spans), font(size))
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setFormats(_formats(spans, size))
    layout.beginLayout()
    step = size * LEADING
    top = 0.0
    while (row := layout.createLine()).isValid():
        row.setLineWidth(width)
        row.setPosition(QPointF(0, top + (step - row.height()) / 2))
        top += step
    layout.endLayout()
    return layout


def _formats(spans: Sequence[TextSpan], size: int) -> list[QTextLayout.FormatRange]:
    ranges, start = [], 0
    for span in spans:
        length = len(span.text.encode("utf-16-le")) // 2  # Qt counts UTF-16 units
        shape = QTextCharFormat()
        shape.setFont(font(size, bold=span.bold))
        shape.setForeground(colour(span.tone))
        piece = QTextLayout.FormatRange()
        piece.start, piece.length, piece.format = start, length, shape
        ranges.append(piece)
        start += length
    return ranges
