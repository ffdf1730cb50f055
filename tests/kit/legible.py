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
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QMenu, QPlainTextEdit, QWidget

from tests.kit.contrast import is_like, luminance, ratio
from ui.theme import colour, paint

LEAST = 4.5  # the contrast that text needs (WCAG 2)
_RIM = (4, 4, -4, -4)  # logical pixels: the edges of what Qt paints
TOUCH = 2  # logical pixels by which the boxes of two texts may overlap: of line height, not of ink


@dataclass(frozen=True, slots=True)
class Text:
    """One text as drawn: its ink's box in logical pixels of the window, and whether its end is missing."""

    words: str
    box: QRect
    is_cut: bool
    is_whole: bool  # all of its height is in sight: it lies at no edge of what scrolls
    widget: QWidget
    ink: int = -1  # its colour as painted, 0xRRGGBB; -1: not known


class Drawing:
    """One picture of `window`, `scale` times its size, with all texts in it."""

    def __init__(self, window: QWidget, scale: int = 1) -> None:
        self._window, self._scale = window, scale
        self._image = QImage(window.size() * scale, QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(scale)
        with _painted(window) as painted:
            window.render(self._image)
        self.pixels = np.frombuffer(self._image.constBits(), np.uint32).reshape(self._image.height(), -1)
        own = {(text.widget, text.words) for text in painted}  # of controls that paint their text themselves
        self.texts = [*(one for one in _of_labels(window) if (one.widget, one.words) not in own), *painted]

    def cut(self) -> list[str]:
        """Returns the texts whose end is missing."""
        return sorted({text.words for text in self.texts if text.is_cut})

    def laid_over(self) -> list[tuple[str, str]]:
        """Returns the pairs of texts of which one lies over the other."""
        pairs = combinations(self.texts, 2)
        return sorted({(one.words, other.words) for one, other in pairs if self._meet(one, other)})

    def faint(self) -> list[tuple[str, float]]:
        """Returns the texts that stand out too little from their ground, with their contrast."""
        written = (*self.texts, *_of_fields(self._window), *_of_menus(self._window))
        whole = (text for text in written if text.is_whole and text.widget.isEnabled())
        found = {(text.words, round(self._contrast(text), 2)) for text in whole}
        return sorted((words, contrast) for words, contrast in found if contrast < LEAST)

    def _meet(self, one: Text, other: Text) -> bool:
        shared = one.box.intersected(other.box)
        if shared.width() <= TOUCH or shared.height() <= TOUCH or one.words == other.words:
            return False
        at = shared.center()
        return all(
            is_in_front(text.widget, text.widget.mapFrom(self._window, at), self._window) for text in (one, other)
        )

    def _contrast(self, text: Text) -> float:
        """Returns the contrast of the ground, which is the most frequent colour, and the colour most unlike it."""
        high, wide = self.pixels.shape
        inside = QRect(text.box.topLeft() * self._scale, text.box.size() * self._scale) & QRect(0, 0, wide, high)
        part = self.pixels[inside.top() : inside.bottom() + 1, inside.left() : inside.right() + 1]
        colours, counts = np.unique(part, return_counts=True)
        if len(colours) < 2 or (text.ink >= 0 and not is_like(colours, text.ink).any()):
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
        drawn = metrics.boundingRect(room, int(align | Qt.AlignmentFlag.AlignVCenter), text).intersected(room)  # type: ignore[operator]
        clipped = drawn.intersected(painter.clipBoundingRect().toAlignedRect()) if painter.hasClipping() else drawn
        shown = painter.worldTransform().mapRect(clipped).intersected(widget.visibleRegion().boundingRect())
        if not shown.isEmpty() and is_in_front(widget, shown.center(), window):
            box = QRect(widget.mapTo(window, shown.topLeft()), shown.size())
            is_cut = metrics.horizontalAdvance(text) > room.width()
            ink = colour(str(how.get("token", "tx1"))).rgb() & 0xFFFFFF if painter.opacity() == 1 else -1
            found.append(Text(text, box, is_cut, shown.height() >= metrics.height(), widget, ink))

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
            yield Text(button.text(), box.adjusted(*_RIM), is_cut, True, button)


def _of_fields(window: QWidget) -> Iterator[Text]:
    """What Qt paints in fields: what is typed there, or the hint; what scrolls in them is not cut."""
    for field in window.findChildren(QWidget):
        said = _said_in(field)
        if said and _is_shown(field, window):
            box = QRect(field.mapTo(window, QPoint()), field.size()).adjusted(*_RIM)
            yield Text(said, box, False, True, field)


def _said_in(field: QWidget) -> str:
    match field:
        case QLineEdit():
            return field.displayText() or field.placeholderText()
        case QPlainTextEdit():
            return field.toPlainText() or field.placeholderText()
        case QComboBox():
            return field.currentText()
    return ""


def _of_menus(window: QWidget) -> Iterator[Text]:
    for menu in window.findChildren(QMenu):
        for action in menu.actions() if menu.isVisible() else ():
            if action.text() and action.isEnabled():
                row = menu.actionGeometry(action)
                box = QRect(menu.mapTo(window, row.topLeft()), row.size()).adjusted(*_RIM)
                yield Text(action.text(), box, False, True, menu)


def _ink(label: QLabel, window: QWidget) -> QRect:
    shown = label.visibleRegion().boundingRect()
    flags = int(label.alignment()) | (int(Qt.TextFlag.TextWordWrap) if label.wordWrap() else 0)
    ink = label.fontMetrics().boundingRect(label.contentsRect(), flags, label.text()).intersected(shown)
    return QRect(label.mapTo(window, ink.topLeft()), ink.size())


def _is_cut(label: QLabel) -> bool:
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height()
    return label.sizeHint().width() > label.width()
