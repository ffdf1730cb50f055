"""Icons of one family (Lucide), drawn in token colours and redrawn when the theme changes."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from resources import path
from ui.theme import current_theme

STROKE = 1.5  # pixels, at every size
_engines: list[QIconEngine] = []  # Qt owns only the C++ part; one per (name, tone, size) and per clone


def icon(name: str, tone: str = "tx2", size: int = 16) -> QIcon:
    """Returns icon ``name`` (file stem in resources/icons) in colour token ``tone``.

    Raises KeyError for an unknown name.
    """
    if name not in names():
        raise KeyError(name)
    return _icon(name, tone, size)


def pixmap(name: str, tone: str = "tx2", size: int = 16, dpr: float = 1.0) -> QPixmap:
    """Returns the icon in the current theme, ``size`` logical pixels at device pixel ratio ``dpr``; for painters."""
    return _pixmap(name, getattr(current_theme.current(), tone), size, dpr, 255)


def svg_text(name: str, shade: str, *, size: int, strength: float = 1.0) -> str:
    """Returns the icon's SVG text in colour ``shade`` with strokes of 1.5 pixels at ``size`` pixels.

    ``strength`` is the opacity of the strokes, from 0 to 1.
    """
    stroke = f'stroke-width="{STROKE * 24 / size:.3f}" stroke-opacity="{strength:.2f}"'
    return _source(name).replace("currentColor", shade).replace('stroke-width="2"', stroke)


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Returns the names of all bundled icons."""
    return frozenset(file.stem for file in path("icons").glob("*.svg"))


class _Engine(QIconEngine):
    def __init__(self, name: str, tone: str, size: int) -> None:
        super().__init__()
        self._name, self._tone, self._size = name, tone, size

    def clone(self) -> QIconEngine:
        return _kept(_Engine(self._name, self._tone, self._size))

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:
        return QSize(min(size.width(), self._size), min(size.height(), self._size))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self._drawn(size, mode, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        return self._drawn(size, mode, scale)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        drawn = self._drawn(rect.size(), mode, painter.device().devicePixelRatioF())
        room = QRectF(rect).size() - drawn.deviceIndependentSize()
        painter.drawPixmap(QPointF(rect.left() + room.width() / 2, rect.top() + room.height() / 2), drawn)

    def _drawn(self, size: QSize, mode: QIcon.Mode, scale: float) -> QPixmap:
        """``size`` is in logical pixels; the result is never larger than the icon's own size."""
        side = max(1, min(size.width(), size.height(), self._size))
        alpha = 140 if mode == QIcon.Mode.Disabled else 255
        return _pixmap(self._name, getattr(current_theme.current(), self._tone), side, scale, alpha)


def _kept(engine: QIconEngine) -> QIconEngine:
    _engines.append(engine)
    return engine


@lru_cache(maxsize=512)
def _icon(name: str, tone: str, size: int) -> QIcon:
    return QIcon(_kept(_Engine(name, tone, size)))


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return path("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=1024)
def _pixmap(name: str, shade: str, size: int, dpr: float, alpha: int) -> QPixmap:
    image = QImage(round(size * dpr), round(size * dpr), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setOpacity(alpha / 255)
    QSvgRenderer(QByteArray(svg_text(name, shade, size=size).encode())).render(painter, QRectF(image.rect()))
    painter.end()
    image.setDevicePixelRatio(dpr)
    return QPixmap.fromImage(image)
