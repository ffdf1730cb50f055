"""The texts and marks of a window that hardly stand out from what they lie on.

Marks are shapes, icons, bars, lines, edges, rings.

Whatever a widget paints from Python goes through QPainter: the box and the colour of each such act are noted while
the window is drawn, and its contrast is measured in the picture, at four times the size. What Qt itself paints of a
button or a field (its icon, its edge) is looked up where it lies. A mark is exempt only

* in a hairline's colour (ln1, ln2): nothing is told by these alone,
* as a fill in a ground's colour, on which something else lies; not so in charts, where a fill is what is told,
* hatched, or larger than an icon or opaque where it is a picture,
* in a control that is disabled.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from unittest import mock

import numpy as np
from PySide6.QtCore import QLineF, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from tests.kit.contrast import SCALE, contrast_of
from tests.kit.legible import Drawing, is_in_front, known_widgets
from ui.kit.case_parts.ribbon import RibbonBar
from ui.theme import current, icons, paint

LEAST = 3.0  # the contrast that graphics need (WCAG 2, 1.4.11)
ICON = 32  # logical pixels; larger pictures are no icons
TICK, ARROW = 20, 16  # logical pixels at the left of a menu, and at the right of a box
HAIRLINES = ("ln1", "ln2")
GROUNDS = ("bg0", "bg1", "bg2", "bg3", "hover", "sel", "acb", "okb", "warnb", "badb", "viob")
TELLING = (RibbonBar,)  # charts in which a fill in a ground's colour is no ground


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark as painted: its box in logical pixels of the window, its colour (invalid: not known), and what it is."""

    said: str
    box: QRectF
    shade: QColor
    widget: QWidget


class Marked:
    """One picture of `window` at four times its size, with all texts and all marks in it that tell something."""

    def __init__(self, window: QWidget) -> None:
        with _noted(window) as noted:
            self._drawing = Drawing(window, SCALE)
        pixels, grounds = self._drawing.pixels, _values(GROUNDS)
        told = [*noted, *_of_buttons(window), *_of_fields(window), *_of_menus(window), *_of_plots(window)]
        on = [mark for mark in told if mark.widget.isEnabled()]
        found = [(mark, contrast_of(pixels, mark.box, mark.shade, grounds=grounds)) for mark in on]
        self.seen = [(mark, contrast) for mark, contrast in found if contrast is not None]

    def kinds(self) -> set[str]:
        """Returns what marks are seen, by name."""
        return {mark.said for mark, _ in self.seen}

    def faint(self) -> list[tuple[str, str, float]]:
        """Returns the texts and marks that stand out too little, with what they are or lie in, and their contrast."""
        low = {
            (mark.said, type(mark.widget).__name__, round(contrast, 2))
            for mark, contrast in self.seen
            if contrast < LEAST
        }
        return [*(("text", words, contrast) for words, contrast in self._drawing.faint()), *sorted(low)]


# what painters paint

_Boxes = Callable[..., QRectF]


def _rect(*told: object) -> QRectF:
    match told:
        case (QRect() | QRectF() as box, *_):
            return QRectF(box)
        case (QPointF() | QPoint() as at, float() | int() as rx, float() | int() as ry):
            return QRectF(at.x() - rx, at.y() - ry, 2 * rx, 2 * ry)
        case (QPainterPath() as path, *_):
            return path.boundingRect()
        case (QLineF() as line,):
            return QRectF(line.p1(), line.p2()).normalized()
        case (QPointF() | QPoint() as one, QPointF() | QPoint() as other):
            return QRectF(QPointF(one), QPointF(other)).normalized()
        case (x, y, w, h, *_):
            return QRectF(x, y, w, h)  # type: ignore[arg-type]
    raise TypeError(told)


def _line(*told: object) -> QRectF:
    if len(told) == 4:
        return QRectF(QPointF(told[0], told[1]), QPointF(told[2], told[3])).normalized()  # type: ignore[call-overload]
    return _rect(*told)


def _picture(*told: object) -> QRectF:
    drawn = told[-1]
    assert isinstance(drawn, QPixmap)
    if isinstance(told[0], QRect | QRectF):
        return QRectF(told[0])
    at = QPointF(told[0]) if len(told) == 2 else QPointF(told[0], told[1])  # type: ignore[call-overload]
    return QRectF(at, drawn.deviceIndependentSize())


_FILLS: dict[str, _Boxes] = {"fillRect": _rect, "fillPath": _rect}
_OUTLINES: dict[str, _Boxes] = {
    "drawRect": _rect, "drawRoundedRect": lambda box, *_: QRectF(box), "drawEllipse": _rect, "drawPath": _rect,
    "drawLine": _line,
}  # fmt: skip


@contextmanager
def _noted(window: QWidget) -> Iterator[list[Mark]]:
    """Collects what is painted meanwhile in widgets of `window`."""
    found: list[Mark] = []
    names: list[str] = []  # of the glyph that is being painted
    real_glyph = paint.glyph

    def note(painter: QPainter, said: str, box: QRectF, shade: QColor) -> None:
        widget = painter.device()
        if not isinstance(widget, QWidget) or not _tells(said, shade, widget):
            return
        thick = box.adjusted(-0.5, -0.5, 0.5, 0.5)
        shown = thick.intersected(QRectF(painter.clipBoundingRect())) if painter.hasClipping() else thick
        inside = painter.worldTransform().mapRect(shown)
        inside = inside.intersected(QRectF(widget.visibleRegion().boundingRect()))
        if not inside.isEmpty() and _is_seen(widget, inside.center().toPoint(), window):
            found.append(Mark(said, inside.translated(widget.mapTo(window, QPoint())), _faded(painter, shade), widget))

    def glyph(painter: QPainter, centre: QPointF, name: str, **how: object) -> None:
        names.append(name)
        real_glyph(painter, centre, name, **how)  # type: ignore[arg-type]
        names.pop()

    def fill(name: str, box_of: _Boxes) -> Callable[..., None]:
        real = getattr(QPainter, name)

        def filled(painter: QPainter, *told: object) -> None:
            real(painter, *told)
            brush = QBrush(told[-1])  # type: ignore[call-overload]
            if brush.style() == Qt.BrushStyle.SolidPattern:
                note(painter, names[-1] if names else "fill", box_of(*told), brush.color())

        return filled

    def outline(name: str, box_of: _Boxes) -> Callable[..., None]:
        real = getattr(QPainter, name)

        def outlined(painter: QPainter, *told: object) -> None:
            real(painter, *told)
            has_edge = painter.pen().style() != Qt.PenStyle.NoPen
            if has_edge:
                note(painter, "line" if name == "drawLine" else "edge", box_of(*told), painter.pen().color())
            elif painter.brush().style() == Qt.BrushStyle.SolidPattern:
                note(painter, "fill", box_of(*told), painter.brush().color())

        return outlined

    real_pixmap = QPainter.drawPixmap

    def pixmap(painter: QPainter, *told: object) -> None:
        real_pixmap(painter, *told)  # type: ignore[call-overload]
        box, shade = _picture(*told), _ink(told[-1])  # type: ignore[arg-type]
        if shade and box.width() <= ICON and told[-1].hasAlphaChannel():  # type: ignore[attr-defined]
            note(painter, "icon", box, shade)

    def sharp(name: str, shade: str, size: int, _dpr: float, alpha: int) -> QPixmap:
        return real_icon(name, shade, size, float(SCALE), alpha)

    real_icon = icons._pixmap

    with ExitStack() as stack, known_widgets(window):
        stack.enter_context(mock.patch.object(icons, "_pixmap", sharp))
        stack.enter_context(mock.patch.object(paint, "glyph", glyph))
        stack.enter_context(mock.patch.object(QPainter, "drawPixmap", pixmap))
        for name, box_of in _FILLS.items():
            stack.enter_context(mock.patch.object(QPainter, name, fill(name, box_of)))
        for name, box_of in _OUTLINES.items():
            stack.enter_context(mock.patch.object(QPainter, name, outline(name, box_of)))
        yield found


def _is_seen(widget: QWidget, at: QPoint, window: QWidget) -> bool:
    """Returns whether nothing lies over a point of the widget; the ring of the focus lets the pointer through."""
    return widget.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents) or is_in_front(widget, at, window)


def _tells(said: str, shade: QColor, widget: QWidget) -> bool:
    """Returns whether what is painted carries meaning: neither a hairline nor a ground."""
    if said not in {"fill", "edge", "line"}:
        return True
    if _is_one(shade, HAIRLINES):
        return False
    return said != "fill" or isinstance(widget, TELLING) or not _is_one(shade, GROUNDS)


def _values(tokens: tuple[str, ...]) -> set[int]:
    colours = current().colours()
    return {QColor(colours[token]).rgb() & 0xFFFFFF for token in tokens}


def _is_one(shade: QColor, tokens: tuple[str, ...]) -> bool:
    return shade.rgb() & 0xFFFFFF in _values(tokens)


def _faded(painter: QPainter, shade: QColor) -> QColor:
    faded = QColor(shade)
    faded.setAlphaF(shade.alphaF() * painter.opacity())
    return faded


def _ink(drawn: QPixmap) -> QColor | None:
    """Returns the colour of the strokes of an icon, None of an empty one."""
    image = drawn.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32)
    inked = pixels[pixels >> 24 == (pixels >> 24).max()]
    colours, counts = np.unique(inked, return_counts=True)
    shade = int(colours[counts.argmax()])
    return QColor.fromRgba(shade) if shade >> 24 else None


# what Qt paints of buttons and fields


def _of_buttons(window: QWidget) -> Iterator[Mark]:
    for button in window.findChildren(QAbstractButton):
        shown = button.visibleRegion().boundingRect()
        if button.icon().isNull() or shown.isEmpty() or not is_in_front(button, shown.center(), window):
            continue
        shade = _ink(button.icon().pixmap(button.iconSize(), SCALE))
        if shade:
            box = QRectF(button.mapTo(window, QPoint()), QSize(button.size())).adjusted(3, 3, -3, -3)
            yield Mark("icon of a button", box, shade, button)


def _of_fields(window: QWidget) -> Iterator[Mark]:
    """The edges of what one can type in or choose from, and by that of fields that are wrong or have the focus."""
    for kind in (QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox):
        for field in window.findChildren(kind):
            if not _has_edge(field) or not is_in_front(field, field.rect().center(), window):
                continue
            tokens = current()
            shade = tokens.badg if field.property("state") == "error" else tokens.ac if field.hasFocus() else tokens.ln3
            at = field.mapTo(window, QPoint(0, field.height() // 2 - 2))
            yield Mark("edge of a field", QRectF(at, QSize(1, 4)), QColor(shade), field)
            if isinstance(field, QComboBox):
                corner = field.mapTo(window, QPoint(field.width() - ARROW - 5, field.height() // 2 - ARROW // 2))
                yield Mark("arrow of a field", QRectF(corner, QSize(ARROW, ARROW)), QColor(), field)


def _of_menus(window: QWidget) -> Iterator[Mark]:
    """The ticks of what is on."""
    for menu in window.findChildren(QMenu):
        for action in menu.actions() if menu.isVisible() else ():
            if action.isChecked() and action.isEnabled():
                row = menu.actionGeometry(action)
                at = menu.mapTo(window, row.topLeft())
                yield Mark("tick", QRectF(at + QPoint(4, 3), QSize(TICK, row.height() - 6)), QColor(), menu)


def _of_plots(window: QWidget) -> Iterator[Mark]:
    """The bars of plots, which are painted from a recording."""
    for view in window.findChildren(QGraphicsView):
        for bars in view.scene().items() if view.isVisible() else ():
            told = getattr(bars, "opts", {})
            for x, height in zip(told.get("x", ()), told.get("height", ()), strict=True):
                wide = told["width"]
                box = view.mapFromScene(bars.mapRectToScene(QRectF(x - wide / 2, 0, wide, height))).boundingRect()
                at = view.viewport().mapTo(window, box.topLeft())
                yield Mark("bar of a plot", QRectF(at, box.size()), QColor(told["brush"]), view)


def _has_edge(field: QWidget) -> bool:
    is_part = isinstance(field.parentWidget(), QComboBox | QAbstractSpinBox)
    is_bare = field.property("place") == "command" or getattr(field, "isReadOnly", lambda: False)()
    return not (is_part or is_bare or field.visibleRegion().isEmpty())
