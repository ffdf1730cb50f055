"""Glyphs for states (lights, delivery, compared fields): told apart by shape first, term second, colour third."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF, QTransform


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled outline in coordinates from about -1 to 1, and its colour token."""

    draw: Callable[[], QPainterPath]
    tone: str


def _circle(radius: float = 0.86) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(0, 0), radius, radius)
    return path


def _polygon(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    path.closeSubpath()
    return path


def _box(left: float, top: float, right: float, bottom: float) -> QPainterPath:
    path = QPainterPath()
    path.addRect(QRectF(QPointF(left, top), QPointF(right, bottom)))
    return path


def _hollow(outer: QPainterPath, inner: QPainterPath) -> QPainterPath:
    return outer.subtracted(inner)


def _up() -> QPainterPath:
    return _polygon((0, -0.86), (1.0, 0.82), (-1.0, 0.82))


def _diamond() -> QPainterPath:
    return _polygon((0, -1.06), (1.06, 0), (0, 1.06), (-1.06, 0))


def _bars() -> QPainterPath:
    return _box(-0.72, -0.86, -0.2, 0.86).united(_box(0.2, -0.86, 0.72, 0.86))


def _hexagon() -> QPainterPath:
    """With a hole: at the size of a row a plain hexagon looks like a circle to a user who sees no colour."""
    corners = [(1.06 * math.sin(math.radians(a)), -1.06 * math.cos(math.radians(a))) for a in range(0, 360, 60)]
    return _hollow(_polygon(*corners), _circle(0.34))


def _dash() -> QPainterPath:
    return _box(-0.72, -0.14, 0.72, 0.14)


def _ring() -> QPainterPath:
    return _hollow(_circle(0.82), _circle(0.48))


def _right() -> QPainterPath:
    return _polygon((-0.74, -0.96), (1.0, 0), (-0.74, 0.96))


def _left() -> QPainterPath:
    return _polygon((0.74, -0.96), (-1.0, 0), (0.74, 0.96))


def _square() -> QPainterPath:
    return _box(-0.76, -0.76, 0.76, 0.76)


def _empty_square() -> QPainterPath:
    return _hollow(_square(), _box(-0.52, -0.52, 0.52, 0.52))


def _half_square() -> QPainterPath:
    return _hollow(_square(), _box(-0.52, -0.52, 0.52, 0.0))


def _tick() -> QPainterPath:
    return _polygon((-0.9, 0.02), (-0.64, -0.24), (-0.26, 0.16), (0.62, -0.72), (0.88, -0.46), (-0.26, 0.7))


SHAPES: dict[str, Shape] = {
    "light.on_time": Shape(_circle, "okg"),
    "light.soon": Shape(_up, "warng"),
    "light.overdue": Shape(_diamond, "badg"),
    "light.paused": Shape(_bars, "paug"),
    "light.needs_you": Shape(_hexagon, "viog"),
    "light.none": Shape(_dash, "tx3"),
    "crew.available": Shape(_ring, "okg"),
    "delivery.kept": Shape(_empty_square, "tx2"),
    "delivery.sent": Shape(_half_square, "ac"),
    "delivery.done": Shape(_square, "okg"),
    "delivery.needs_you": Shape(_hexagon, "viog"),
    "field.clash": Shape(_hexagon, "viog"),
    "field.theirs": Shape(_left, "warng"),
    "field.mine": Shape(_right, "ac"),
    "field.same": Shape(_tick, "okg"),
    "field.untouched": Shape(_dash, "tx3"),
    "mark.step": Shape(_square, "tx3"),
}


@lru_cache(maxsize=512)
def glyph_path(name: str, size: float) -> QPainterPath:
    """Returns the outline of glyph ``name`` in a box of ``size`` pixels around the origin.

    Raises KeyError for an unknown name.
    """
    return QTransform.fromScale(size / 2.4, size / 2.4).map(SHAPES[name].draw())
