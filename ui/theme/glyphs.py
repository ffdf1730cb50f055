"""Glyphs for states (lights, crews, tasks, delivery, fields): told apart by shape, then term, then colour."""

import math
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF, QTransform


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled outline in coordinates from about -1 to 1, and its colour token."""

    path: QPainterPath
    tone: str


def _circle(radius: float) -> QPainterPath:
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


_CIRCLE = _circle(0.86)
_UP = _polygon((0, -0.86), (1.0, 0.82), (-1.0, 0.82))
_DIAMOND = _polygon((0, -1.06), (1.06, 0), (0, 1.06), (-1.06, 0))
_BARS = _box(-0.72, -0.86, -0.2, 0.86).united(_box(0.2, -0.86, 0.72, 0.86))
# a hexagon with a call mark cut out: at the size of a row a plain one looks like a circle to a user who sees no colour,
# and one with a round hole like a gear
_CORNERS = [(1.06 * math.sin(math.radians(a)), -1.06 * math.cos(math.radians(a))) for a in range(0, 360, 60)]
_CALL = _box(-0.18, -0.62, 0.18, 0.14).united(_box(-0.18, 0.34, 0.18, 0.66))
_HEXAGON = _polygon(*_CORNERS).subtracted(_CALL)
_DASH = _box(-0.72, -0.14, 0.72, 0.14)
_RING = _circle(0.82).subtracted(_circle(0.48))
_RIGHT = _polygon((-0.74, -0.96), (1.0, 0), (-0.74, 0.96))
_HOLLOW_RIGHT = _RIGHT.subtracted(_polygon((-0.44, -0.5), (0.4, 0), (-0.44, 0.5)))
_CROSS = _box(-0.9, -0.24, 0.9, 0.24).united(_box(-0.24, -0.9, 0.24, 0.9))
_LEFT = _polygon((0.74, -0.96), (-1.0, 0), (0.74, 0.96))
_SQUARE = _box(-0.76, -0.76, 0.76, 0.76)
_LEFT_BAR, _RIGHT_BAR = _box(-1.0, -0.8, 0.2, 0.8), _box(-0.2, -0.8, 1.0, 0.8)
_EMPTY_SQUARE = _SQUARE.subtracted(_box(-0.52, -0.52, 0.52, 0.52))
_HALF_SQUARE = _SQUARE.subtracted(_box(-0.52, -0.52, 0.52, 0.0))
_TIMES = _polygon(
    *((0, -0.34), (0.56, -0.9), (0.9, -0.56), (0.34, 0), (0.9, 0.56), (0.56, 0.9)),
    *((0, 0.34), (-0.56, 0.9), (-0.9, 0.56), (-0.34, 0), (-0.9, -0.56), (-0.56, -0.9)),
)
_TICK = _polygon((-0.9, 0.02), (-0.64, -0.24), (-0.26, 0.16), (0.62, -0.72), (0.88, -0.46), (-0.26, 0.7))

SHAPES: dict[str, Shape] = {
    "light.on_time": Shape(_CIRCLE, "okg"),
    "light.soon": Shape(_UP, "warng"),
    "light.overdue": Shape(_DIAMOND, "badg"),
    "light.paused": Shape(_BARS, "paug"),
    "light.needs_you": Shape(_HEXAGON, "viog"),
    "light.none": Shape(_DASH, "tx3"),
    "crew.off_duty": Shape(_DASH, "tx3"),
    "crew.available": Shape(_RING, "okg"),
    "crew.dispatched": Shape(_HOLLOW_RIGHT, "ac"),
    "crew.en_route": Shape(_RIGHT, "ac"),
    "crew.on_scene": Shape(_CROSS, "ac"),
    "crew.handling": Shape(_SQUARE, "ac"),
    "crew.returning": Shape(_LEFT, "tx2"),
    "task.waiting": Shape(_RING, "tx2"),
    "task.working": Shape(_HALF_SQUARE, "ac"),
    "task.reported": Shape(_TICK, "okg"),
    "task.overdue": Shape(_DIAMOND, "badg"),
    "task.refused": Shape(_TIMES, "viog"),
    "delivery.kept": Shape(_EMPTY_SQUARE, "tx2"),
    "delivery.sent": Shape(_HALF_SQUARE, "ac"),
    "delivery.done": Shape(_SQUARE, "okg"),
    "delivery.needs_you": Shape(_HEXAGON, "viog"),
    "field.clash": Shape(_HEXAGON, "viog"),
    "field.theirs": Shape(_LEFT, "warng"),
    "field.mine": Shape(_RIGHT, "ac"),
    "field.same": Shape(_TICK, "okg"),
    "field.untouched": Shape(_DASH, "tx3"),
    "mark.step": Shape(_SQUARE, "tx3"),
    "hour.received": Shape(_LEFT_BAR, "data"),  # as the bars of a chart stand
    "hour.settled": Shape(_RIGHT_BAR, "acf"),
    "carried.led": Shape(_LEFT_BAR, "acf"),
    "carried.helped": Shape(_RIGHT_BAR, "data"),
}


@lru_cache(maxsize=512)
def glyph_path(name: str, size: float) -> QPainterPath:
    """Returns the outline of glyph ``name`` in a box of ``size`` pixels around the origin.

    Raises KeyError for an unknown name.
    """
    return QTransform.fromScale(size / 2.4, size / 2.4).map(SHAPES[name].path)
