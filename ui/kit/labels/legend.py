"""A legend: what the shapes of a board mean, and how often each is there."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.labels.label import Retranslated
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import Words
from ui.theme import MEASURES, paint

GAP, SHAPE = 14, 16  # pixels between two shapes, and for a shape


class Legend(Retranslated, QWidget):
    """Each of `shapes`, by its name for `paint.glyph`, with its word and count.

    Where there is no room it shows the counts without the words, or nothing where nothing is counted. `of` says in the
    tooltip what the shapes are of.
    """

    def __init__(self, shapes: Mapping[str, Words], *, of: Words = "") -> None:
        super().__init__()
        self._shapes, self._of = shapes, of
        self._counts: Mapping[str, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.retell()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Shows how often each shape is there."""
        if counts != self._counts:
            self._counts = counts
            self.retell()

    def retell(self) -> None:
        told = (str(self._of), *(self._said(shape, words=True) for shape in self._shapes))
        said = "  ".join(filter(None, told))
        self.setAccessibleName(said)
        self.setToolTip(plain_tip(said))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths(words=True)), MEASURES.dock_header)

    def minimumSizeHint(self) -> QSize:
        return QSize(sum(self._widths(words=False)) if self._counts else 0, MEASURES.dock_header)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        words = self.width() >= self.sizeHint().width()
        widths = self._widths(words=words)
        left = self.width() - sum(widths)
        for shape, wide in zip(self._shapes, widths, strict=True) if words or self._counts else ():
            box = QRect(left + GAP, 0, wide - GAP, self.height())
            paint.glyph(painter, QPointF(box.left() + 6, box.center().y() + 0.5), shape, size=11)
            said = self._said(shape, words=words)
            paint.words(painter, box.adjusted(SHAPE, 0, 2, 0), said, token="tx2", size=MEASURES.label)
            left += wide
        painter.end()

    def _widths(self, *, words: bool) -> list[int]:
        said = (self._said(shape, words=words) for shape in self._shapes)
        return [GAP + SHAPE + paint.text_width(one, MEASURES.label) for one in said]

    def _said(self, shape: str, *, words: bool) -> str:
        count = str(self._counts[shape]) if shape in self._counts else ""
        return f"{self._shapes[shape]} {count}".strip() if words else count
