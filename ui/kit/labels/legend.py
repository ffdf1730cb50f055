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

    Where there is no room for all words it shows those of as many shapes as it can, the last ones first, and else the
    counts alone, or nothing where nothing is counted. `of` says in the tooltip what the shapes are of.
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
        told = (str(self._of), *self._texts(len(self._shapes)))
        said = "  ".join(filter(None, told))
        self.setAccessibleName(said)
        self.setToolTip(plain_tip(said))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._width(len(self._shapes)), MEASURES.dock_header)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width(0) if self._counts else 0, MEASURES.dock_header)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        every = len(self._shapes)
        worded = next((many for many in range(every, 0, -1) if self._width(many) <= self.width()), 0)
        left = self.width() - self._width(worded)
        is_shown = self._counts or worded == every
        for shape, said in zip(self._shapes, self._texts(worded), strict=True) if is_shown else ():
            box = QRect(left + GAP, 0, _wide(said) - GAP, self.height())
            paint.glyph(painter, QPointF(box.left() + 6, box.center().y() + 0.5), shape, size=11)
            paint.words(painter, box.adjusted(SHAPE, 0, 2, 0), said, token="tx2", size=MEASURES.label)
            left += _wide(said)
        painter.end()

    def _width(self, worded: int) -> int:
        return sum(map(_wide, self._texts(worded)))

    def _texts(self, worded: int) -> list[str]:
        """Returns what stands beside each shape, with the words of the last `worded` ones."""
        bare = len(self._shapes) - worded
        counts = (str(self._counts.get(shape, "")) for shape in self._shapes)
        pairs = enumerate(zip(self._shapes.values(), counts, strict=True))
        return [f"{word} {count}".strip() if at >= bare else count for at, (word, count) in pairs]


def _wide(said: str) -> int:
    """Returns the pixels of a shape with what stands beside it."""
    return GAP + SHAPE + paint.text_width(said, MEASURES.label)
