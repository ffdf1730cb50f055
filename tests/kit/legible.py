"""What of a window cannot be read: texts that are cut, that lie over one another, or that hardly stand out.

Drawn at four times its size, the strokes of every text have pixels of their full colour: contrast is measured there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from tests.kit.contrast import luminance, ratio
from ui.theme import paint

LEAST = 4.5  # the contrast that text needs (WCAG 2)
TOUCH = 2  # logical pixels by which the boxes of two texts may overlap: of line height, not of ink


@dataclass(frozen=True, slots=True)
class Text:
    """One text as drawn: its ink's box in logical pixels of the window, and whether its end is missing."""

    words: str
    box: QRect
    is_cut: bool
    is_whole: bool  # all of its height is in sight: it lies at no edge of what scrolls
    widget: QWidget


class Drawing:
    """One picture of `window`, `scale` times its size, with all texts in it."""

    def __init__(self, window: QWidget, scale: int = 1) -> None:
        self._window, self._scale = window, scale
        self._image = QImage(window.size() * scale, QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(scale)
        with _painted(window) as painted:
            window.render(self._image)
        self.texts = [*_of_labels(window), *painted]

    def cut(self) -> list[str]:
        """Returns the texts whose end is missing."""
        return sorted({text.words for text in self.texts if text.is_cut})

    def laid_over(self) -> list[tuple[str, str]]:
        """Returns the pairs of texts of which one lies over the other."""
        pairs = combinations(self.texts, 2)
        return sorted({(one.words, other.words) for one, other in pairs if self._meet(one, other)})

    def faint(self) -> list[tuple[str, float]]:
        """Returns the texts that stand out too little from their ground, with their contrast."""
        whole = (text for text in self.texts if text.is_whole and text.widget.isEnabled())
        found = {(text.words, round(self._contrast(text.box), 2)) for text in whole}
        return sorted((words, contrast) for words, contrast in found if contrast < LEAST)

    def _meet(self, one: Text, other: Text) -> bool:
        shared = one.box.intersected(other.box)
        if shared.width() <= TOUCH or shared.height() <= TOUCH or one.words == other.words:
            return False
        at = shared.center()
        return all(
            is_in_front(text.widget, text.widget.mapFrom(self._window, at), self._window) for text in (one, other)
        )

    def _contrast(self, box: QRect) -> float:
        """Returns the contrast of the ground, which is the most frequent colour, and the colour most unlike it."""
        inside = QRect(box.topLeft() * self._scale, box.size() * self._scale).intersected(self._image.rect())
        rows = np.frombuffer(self._image.constBits(), np.uint32).reshape(self._image.height(), -1)
        part = rows[inside.top() : inside.bottom() + 1, inside.left() : inside.right() + 1]
        colours, counts = np.unique(part, return_counts=True)
        if len(colours) < 2:
            return float("inf")  # nothing is drawn there: it lies behind something else
        light = luminance(colours)
        ground = light[counts.argmax()]
        return float(ratio(light, ground)[counts >= self._scale].max(initial=1.0))


@contextmanager
def _painted(window: QWidget) -> Iterator[list[Text]]:
    """Collects what `paint.words` draws meanwhile in widgets of `window`."""
    found: list[Text] = []
    real = paint.words

    def words(painter: QPainter, rect: QRect | QRectF, text: str, **how: object) -> None:
        real(painter, rect, text, **how)  # type: ignore[arg-type]
        widget, metrics = painter.device(), QFontMetrics(painter.font())
        if not text or not isinstance(widget, QWidget):
            return
        room, align = QRectF(rect).toRect(), how.get("align", Qt.AlignmentFlag.AlignLeft)
        ink = metrics.boundingRect(room, int(align | Qt.AlignmentFlag.AlignVCenter), text).intersected(room)  # type: ignore[operator]
        clipped = ink.intersected(painter.clipBoundingRect().toAlignedRect()) if painter.hasClipping() else ink
        shown = painter.worldTransform().mapRect(clipped).intersected(widget.visibleRegion().boundingRect())
        if not shown.isEmpty() and is_in_front(widget, shown.center(), window):
            box = QRect(widget.mapTo(window, shown.topLeft()), shown.size())
            is_cut = metrics.horizontalAdvance(text) > room.width()
            found.append(Text(text, box, is_cut, shown.height() >= metrics.height(), widget))

    paint.words = words
    try:
        with known_widgets(window):
            yield found
    finally:
        paint.words = real


@contextmanager
def known_widgets(window: QWidget) -> Iterator[None]:
    """Keeps every widget of `window` known to Python meanwhile, else its painters name a mere device."""
    known = window.findChildren(QWidget)
    yield
    known.clear()


def _is_shown(widget: QWidget, window: QWidget) -> bool:
    region = widget.visibleRegion()
    return not region.isEmpty() and is_in_front(widget, region.boundingRect().center(), window)


def is_in_front(widget: QWidget, at: QPoint, window: QWidget) -> bool:
    """Returns whether nothing else lies over the point `at` of the widget."""
    top = window.childAt(widget.mapTo(window, at))
    return top is not None and (top is widget or top.isAncestorOf(widget) or widget.isAncestorOf(top))


def _of_labels(window: QWidget) -> Iterator[Text]:
    for label in window.findChildren(QLabel):
        if label.text() and _is_shown(label, window):
            box = _ink(label, window)
            yield Text(label.text(), box, _is_cut(label), box.height() >= label.fontMetrics().height(), label)
    for button in window.findChildren(QAbstractButton):
        if button.text() and _is_shown(button, window):
            box = QRect(button.mapTo(window, QPoint()), button.size())
            is_cut = button.sizeHint().width() > button.width()
            yield Text(button.text(), box.adjusted(4, 4, -4, -4), is_cut, True, button)


def _ink(label: QLabel, window: QWidget) -> QRect:
    shown = label.visibleRegion().boundingRect()
    flags = int(label.alignment()) | (int(Qt.TextFlag.TextWordWrap) if label.wordWrap() else 0)
    ink = label.fontMetrics().boundingRect(label.contentsRect(), flags, label.text()).intersected(shown)
    return QRect(label.mapTo(window, ink.topLeft()), ink.size())


def _is_cut(label: QLabel) -> bool:
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height()
    return label.sizeHint().width() > label.width()
