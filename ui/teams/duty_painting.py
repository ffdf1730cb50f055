"""Paints how a crew stands to its roster in what is left of its row: in words, or at least as a clock."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPainter

from ui.kit.tables.row_paint import RIGHT
from ui.teams.duty import QUIET, Stands
from ui.theme import MEASURES, icons, paint

CLOCK = 12  # pixels for the sign of a shift that is over or about to be, where its words have no room


def paint_words(painter: QPainter, box: QRect, stands: Stands, beside: str, quiet: str) -> QRect:
    """Paints the words at the right of `box`, or the brief ones, if there is room for all; returns the rest.

    What else is said `beside` goes before them, unless a shift is over or about to be.
    """
    is_quiet = stands.tone == QUIET
    taken = paint.text_width(beside, MEASURES.label) + 8 if beside and is_quiet else 0
    for said in filter(None, (stands.said, stands.brief)):
        wide = paint.text_width(said, MEASURES.label)
        if wide + taken <= box.width():
            token = quiet if is_quiet else stands.tone
            paint.words(painter, box, said, token=token, size=MEASURES.label, align=RIGHT)
            return box.adjusted(0, 0, -wide - 8, 0)
    return box


def is_told_by_clock(stands: Stands, box: QRect) -> bool:
    """Returns whether a shift is over or about to be, and there is no room for the words."""
    is_urgent = bool(stands.said) and stands.tone != QUIET
    return is_urgent and paint.text_width(stands.said, MEASURES.label) > box.width()


def paint_clock(painter: QPainter, tone: str, time: tuple[int, int], end: QPointF, least: float) -> None:
    """Paints a clock at the right `end` of a row, or else before the `time` (left, right) where that is beyond `least`.

    All in pixels from the left edge of the ground.
    """
    behind, before = round(end.x()) - CLOCK + 2, time[0] - CLOCK - 1
    left = behind if behind >= time[1] + 3 else before
    if left == behind or before > least:
        sign = icons.pixmap("clock", tone, CLOCK, painter.device().devicePixelRatioF())
        painter.drawPixmap(QPointF(left, end.y() - CLOCK / 2), sign)
