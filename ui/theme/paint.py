"""Paint helpers for delegates and small widgets in the current theme: glyphs, key caps, chips, bars, hairlines."""

from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from commandcenter.domain.lights import GREEN_SHARE
from commandcenter.domain.text import visible
from ui.theme import icons
from ui.theme.current_theme import colour
from ui.theme.fonts import font
from ui.theme.glyphs import SHAPES, glyph_path
from ui.theme.tokens import MEASURES

LIGHT_TEXT = {"on_time": "ok", "soon": "warn", "overdue": "bad", "paused": "tx3", "needs_you": "vio", "none": "tx3"}
LIGHT_TIME = LIGHT_TEXT | {"on_time": "tx1"}  # on time does not stand out: no green digits in a row
CHIPS = {
    "plain": ("bg3", "tx2", None),
    "stage": ("acb", "ac", None),
    "filter": (None, "tx2", "ln2"),
    "ok": ("okb", "ok", None),
    "warn": ("warnb", "warn", None),
    "bad": ("badb", "bad", None),
    "vio": ("viob", "vio", None),
}
CHIP_HEIGHT = 20
KEY_HEIGHT = 18
_GAP = 5
_OVERRUN = 4.0  # pixels of it at least, in a bar of used time
_MOST = 99  # the largest number in a badge


def glyph(painter: QPainter, centre: QPointF, name: str, *, size: float = 12, shade: QColor | None = None) -> None:
    """Paints glyph ``name`` ("light.soon", "delivery.kept" …), ``size`` pixels, around ``centre``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(centre)
    painter.fillPath(glyph_path(name, size), shade or colour(SHAPES[name].tone))
    painter.restore()


def stamp(painter: QPainter, centre: QPointF, name: str, *, tone: str = "tx2", size: int = 12) -> None:
    """Paints icon ``name``, ``size`` pixels, around ``centre``."""
    drawn = icons.pixmap(name, tone, size, painter.device().devicePixelRatioF())
    painter.drawPixmap(centre - QPointF(size / 2, size / 2), drawn)


def hairline(painter: QPainter, x1: float, y1: float, x2: float, y2: float, *, token: str = "ln1") -> None:
    """Paints a line of one device pixel at any scale."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    pen = QPen(colour(token), 1)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.drawLine(QLineF(x1, y1, x2, y2))
    painter.restore()


@lru_cache(maxsize=256)
def text_width(text: str, size: int = MEASURES.body, bold: bool = False) -> int:
    """Returns the width of ``text`` in pixels; cached, for short recurring texts."""
    return QFontMetrics(font(size, bold=bold)).horizontalAdvance(text)


def words(
    painter: QPainter,
    rect: QRect | QRectF,
    text: str,
    *,
    token: str = "tx1",
    size: int = MEASURES.body,
    bold: bool = False,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Paints one line of plain text, vertically centred, elided at the right when ``rect`` is too narrow.

    Invisible characters are shown as signs.
    """
    face = font(size, bold=bold)
    box = QRectF(rect).toRect()
    shown = QFontMetrics(face).elidedText(visible(text), Qt.TextElideMode.ElideRight, box.width())
    painter.setFont(face)
    painter.setPen(colour(token))
    painter.drawText(box, int(align | Qt.AlignmentFlag.AlignVCenter), shown)


def key_width(keys: str) -> int:
    """Returns the width of a key cap in pixels."""
    return max(KEY_HEIGHT, text_width(_written(keys), MEASURES.note) + 10)


def key_cap(painter: QPainter, left: float, middle: float, keys: str, *, on: str = "bg1", faded: bool = False) -> int:
    """Paints a key cap from ``left``, centred at ``middle``; ``on`` is "acf" on filled buttons. Returns its width."""
    filled = on == "acf"
    width = key_width(keys)
    box = QRectF(round(left) + 0.5, round(middle - KEY_HEIGHT / 2) + 0.5, width - 1, KEY_HEIGHT - 1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour("onac", alpha=0.62) if filled else colour("ln2", alpha=0.5 if faded else 1), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush if filled or faded else colour("bg2"))
    painter.drawRoundedRect(box, MEASURES.chip_radius, MEASURES.chip_radius)
    painter.setFont(font(MEASURES.note))
    painter.setPen(colour("onac") if filled else colour("tx2", alpha=0.5 if faded else 1))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, _written(keys))
    painter.restore()
    return width


def _written(keys: str) -> str:
    """Returns keys as caps show them: those that are pressed together side by side, as "Ctrl F"."""
    return keys if len(keys) == 1 else keys.replace("+", " ")


def chip_width(text: str, *, mark: str = "") -> int:
    """Returns the width of a chip in pixels, with the room for a glyph or an icon when ``mark`` names one."""
    return text_width(text, MEASURES.label) + 14 + (12 + _GAP - 2 if mark else 0)


def chip(painter: QPainter, left: float, middle: float, text: str, *, kind: str = "plain", mark: str = "") -> int:
    """Paints a chip from ``left``, centred at ``middle``. Returns its width.

    ``kind`` is a key of CHIPS, ``mark`` the name of a glyph or an icon, or empty.
    """
    ground, ink, edge = CHIPS[kind]
    width = chip_width(text, mark=mark)
    box = QRectF(round(left), round(middle - CHIP_HEIGHT / 2), width, CHIP_HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour(edge), 1) if edge else Qt.PenStyle.NoPen)
    painter.setBrush(colour(ground) if ground else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(
        box.adjusted(0.5, 0.5, -0.5, -0.5) if edge else box, MEASURES.chip_radius, MEASURES.chip_radius
    )
    painter.restore()
    start = 7
    if mark:
        middle_of_mark = QPointF(box.left() + 12.5, box.center().y())
        if mark in SHAPES:
            glyph(painter, middle_of_mark, mark, size=10)
        else:
            stamp(painter, middle_of_mark, mark, tone=ink)
        start += 10 + _GAP
    words(painter, box.adjusted(start, 0, 0, 0), text, token=ink, size=MEASURES.label)
    return width


def badge(painter: QPainter, centre: float, right: float, top: float, number: int, *, kind: str = "vio") -> None:
    """Paints a count of at least 1 in a round badge that begins at ``centre`` and ends before ``right``.

    ``kind`` is a key of CHIPS.
    """
    text = f"{_MOST}+" if number > _MOST else str(number)
    width = max(16, text_width(text, MEASURES.note, True) + 8)
    box = QRectF(min(centre, right - width), top, width, 16)
    ground, ink, _ = CHIPS[kind]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(ground or "bg3"))
    painter.drawRoundedRect(box, 8, 8)
    painter.restore()
    middle = Qt.AlignmentFlag.AlignHCenter
    words(painter, box, text, token=ink, size=MEASURES.note, bold=True, align=middle)


def limit_bar(painter: QPainter, rect: QRectF, *, share: float) -> None:
    """Paints the used share of a limit (may exceed 1): elapsed time is neutral, what exceeds the limit is red.

    The tick stands where green ends, for more than the whole limit where the limit does.
    """
    limit = rect.width() / max(share, 1.0)
    if share > 1.0:
        limit = min(limit, rect.width() - _OVERRUN)
    used = QRectF(rect.left(), rect.top(), limit * min(max(share, 0.0), 1.0), rect.height())
    painter.fillRect(rect, colour("badg" if share > 1.0 else "bg3"))
    painter.fillRect(used, colour("ln3"))
    tick = round(rect.left() + (limit if share > 1.0 else rect.width() * GREEN_SHARE))
    hairline(painter, tick, rect.top() - 3, tick, rect.bottom() + 3, token="tx2")
