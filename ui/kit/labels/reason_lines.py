"""Reasons for and against something, and what is missing for it, as lines with signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.labels.label import Retranslated
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import Words
from ui.theme import MEASURES, paint

ROW, INDENT = 20, 18  # pixels a line, and from a sign to its words
SIGNS = {True: ("+", "ok"), False: ("−", "bad"), None: ("▲", "warn")}
_SHAPE = QPointF(6, ROW / 2)


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One line: for something, against it (`is_for` False), or missing (None)."""

    words: Words
    is_for: bool | None


class ReasonLines(Retranslated, QWidget):
    """Lines one below the other; the whole text is in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[ReasonLine, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: Sequence[ReasonLine]) -> None:
        """Replaces the lines; costs nothing when they are the same."""
        if tuple(lines) != self._lines:
            self._lines = tuple(lines)
            self.updateGeometry()
            self.retell()

    def texts(self) -> list[str]:
        """Returns what is said, each with its sign."""
        return [f"{SIGNS[one.is_for][0]} {one.words}" for one in self._lines]

    def retell(self) -> None:
        said = "\n".join(self.texts())
        self.setAccessibleName(said)
        self.setToolTip(plain_tip(said))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(100, ROW * len(self._lines))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for at, one in enumerate(self._lines):
            sign, tone = SIGNS[one.is_for]
            box = self.rect().adjusted(0, at * ROW, 0, 0)
            box.setHeight(ROW)
            if one.is_for is None:
                paint.glyph(painter, box.topLeft().toPointF() + _SHAPE, "light.soon", size=9)
            else:
                paint.words(painter, box, sign, token=tone, bold=True)
            paint.words(painter, box.adjusted(INDENT, 0, 0, 0), str(one.words), token="tx2", size=MEASURES.label)
        painter.end()
