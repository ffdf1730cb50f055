"""Paints the strip of the deadline horizon."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from ui.cases.horizon_axis import Axis
from ui.cases.horizon_sight import LEFT, RIGHT, Sight
from ui.cases.horizon_ticks import SIDE, Tick
from ui.kit.texts.words import say
from ui.theme import MEASURES, colour, paint

HEIGHT = 24
MIDDLE = 6  # pixels from the top to the axis, on which the shapes are
DEPTH = 11  # pixels of what is on the axis; the labels are below
LATER = 66
SHAPE = 10
GLYPH_AT = 18  # pixels; as the lights of the rows below
GAP = 10  # pixels between two labels
NARROW = 6  # pixels between two lines of the hatching
CLEAR = 3  # pixels around a tick without hatching


def ground(painter: QPainter, along: Axis, ticks: Sequence[Tick], width: int) -> None:
    """Paints the axis with the hours out of work hatched, but around the ticks, which have to be read."""
    for left, right in along.rests():
        for start, end in _free(left + 1, right - 1, ticks):
            box = QRectF(LEFT + start, 1, end - start, DEPTH)
            painter.save()
            painter.setClipRect(box)
            painter.setPen(QPen(colour("ln3"), 1))
            for x in range(int(LEFT + left) - HEIGHT, int(box.right()) + 1, NARROW):
                painter.drawLine(x, HEIGHT, x + HEIGHT, 0)
            painter.restore()
    paint.hairline(painter, LEFT, MIDDLE, width - RIGHT, MIDDLE, token="ln3")


def _free(left: float, right: float, ticks: Sequence[Tick]) -> Iterator[tuple[float, float]]:
    """Yields the spans between two pixels of the axis that no tick needs, unless too narrow to be seen as hatched."""
    for tick in ticks:
        before = min(_start(tick), right)
        if before - left > NARROW:
            yield left, before
        left = max(left, tick.right + CLEAR)
    if right - left > NARROW:
        yield left, right


def _start(tick: Tick) -> float:
    """Returns the pixel of the axis from which a tick needs it."""
    return tick.x - SIDE / 2 - CLEAR


def marks(painter: QPainter, labels: list[tuple[float, str]], ticks: Sequence[Tick], width: int) -> None:
    """Paints the labels below the axis, those of more weight first, each only where it covers none.

    Their marks on it give way to the ticks.
    """
    taken: list[tuple[float, float]] = []
    for place, said in [(0.0, say("现在")), *labels]:
        wide = paint.text_width(said, MEASURES.note) + 2
        left = min(max(LEFT + place - wide / 2, LEFT), width - RIGHT - wide / 2)
        if any(left < end + GAP and left + wide > start - GAP for start, end in taken):
            continue
        box = QRectF(left, HEIGHT - 12, wide, 12)
        paint.words(painter, box, said, token="tx3" if taken else "ac", size=MEASURES.note)
        taken.append((left, left + wide))
        if not any(_start(tick) <= place <= tick.right + CLEAR for tick in ticks):
            paint.hairline(painter, LEFT + place, MIDDLE - 2, LEFT + place, MIDDLE + 3, token="tx3")
    painter.fillRect(QRectF(LEFT - 1, 1, 2, DEPTH), colour("ac"))


def shape(painter: QPainter, tick: Tick, *, on: str, ring: str) -> None:
    """Paints a tick and how many it stands for, on the token `on`; `ring` is "chosen", "cursor" or "" for none."""
    box = QRectF(LEFT + tick.x - SIDE / 2 - 1, 0, tick.right - tick.x + SIDE / 2 + 2, DEPTH + 1)
    if not ring and tick.count > 1:
        painter.fillRect(box.adjusted(SIDE, 1, 0, 0), colour(on))  # nothing runs through the count
    if ring:
        _ring(painter, box, on="sel" if ring == "chosen" else on)
    paint.glyph(painter, QPointF(LEFT + tick.x, MIDDLE), f"light.{tick.light}", size=SHAPE)
    if tick.count > 1:
        count = QRectF(LEFT + tick.x + SIDE / 2, 0, tick.right - tick.x, DEPTH + 1)
        paint.words(painter, count, f"×{tick.count}", token="tx2", size=MEASURES.note)


def ends(painter: QPainter, shown: Sight, width: int, *, cursor: Tick | None) -> None:
    """Paints how many are overdue and how many are due after the axis ends."""
    told = shown.told
    for tick, box in ((shown.late, _late_box()), (shown.later, _later_box(width))):
        if tick == cursor:
            _ring(painter, box.adjusted(-4, 3, 4, -3), on="bg1")
    if shown.late.count:
        paint.glyph(painter, QPointF(GLYPH_AT, HEIGHT / 2), "light.overdue")
        box = _late_box().adjusted(GLYPH_AT + 9 - MEASURES.dock_padding, 0, 0, 0)
        paint.words(painter, box, told["late"], token="bad", size=MEASURES.label)
    said, box = say("之后 {n}", n=told["later"]), _later_box(width)
    paint.words(painter, box, said, token="tx2", size=MEASURES.label, align=Qt.AlignmentFlag.AlignRight)


def span(painter: QPainter, left: float, right: float) -> None:
    """Paints a chosen span between two pixels of the axis."""
    box = QRectF(LEFT + left, 0, right - left, DEPTH + 1)
    painter.fillRect(box, colour("acb"))
    for edge in (box.left(), box.right()):
        painter.fillRect(QRectF(round(edge), 0, 1, DEPTH + 1), colour("ac"))


def _late_box() -> QRectF:
    return QRectF(MEASURES.dock_padding, 0, LEFT - GLYPH_AT - 3, HEIGHT)


def _later_box(width: int) -> QRectF:
    return QRectF(width - MEASURES.dock_padding - LATER, 0, LATER, HEIGHT)


def _ring(painter: QPainter, box: QRectF, *, on: str) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour("ac"), 1))
    painter.setBrush(colour(on))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), MEASURES.chip_radius, MEASURES.chip_radius)
    painter.restore()
