"""Paints the cases of a queue: place, light, number, kind, marks and the time left."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPainter

from commandcenter.domain.cases import Case
from ui.kit.case_parts.clock import time_text, time_token
from ui.kit.tables.row_paint import BAR, RIGHT
from ui.kit.texts import names
from ui.kit.texts.numbers import tail
from ui.teams.lanes import SEVERAL, Column
from ui.teams.timed import EDGE, Timed, paint_delivery
from ui.teams.words import Wording
from ui.theme import MEASURES, icons, paint

PLACE = 18  # pixels for the number of a place, or the delivery state of the user's own act


class CasePainter:
    """Paints what stands in the row of a case, on a ground that is there."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def timed(self, rect: QRect, case: Case) -> Timed:
        """Returns the time in the row in `rect` as of this second."""
        clock = self._wording.clock
        standing = clock.standing(case)
        said = time_text(standing, case, clock.now)
        token = "tx3" if standing.left is None else time_token(standing)
        right = rect.right() - EDGE
        return Timed(said, token, right - paint.text_width(said) - 1, right, standing.light)

    def paint(
        self, painter: QPainter, rect: QRect, case: Case, place: int, column: Column, timed: Timed, quiet: str
    ) -> None:
        """Paints all but the time of a case that has a `place` in its queue; `quiet` is the token of what says less."""
        middle, left = rect.top() + rect.height() / 2, rect.left() + BAR
        spot = QPointF(left + PLACE / 2 + 2, middle)
        if not paint_delivery(painter, spot, self._wording.board, "case", case.id):
            box = QRect(left, rect.top(), PLACE, rect.height())
            paint.words(painter, box, str(place), token=quiet, size=MEASURES.label, align=RIGHT)
        paint.glyph(painter, QPointF(left + PLACE + 11, middle), f"light.{timed.light}", size=11)
        left += PLACE + 20
        number = tail(case)
        paint.words(painter, QRect(left, rect.top(), 56, rect.height()), number, token=quiet, size=MEASURES.label)
        left += paint.text_width(number, MEASURES.label) + 6
        box = QRect(left, rect.top(), timed.left - 4 - left, rect.height())
        self._title(painter, self._marks(painter, box, case), case, column, quiet)

    def _marks(self, painter: QPainter, box: QRect, case: Case) -> QRect:
        """Paints at the right what is open about a case and whether its place was given by hand; returns the rest."""
        middle = box.top() + box.height() / 2
        if case.application is not None:
            paint.glyph(painter, QPointF(box.right() - 4, middle), "light.needs_you", size=10)
            box.setRight(box.right() - 12)
        if case.queued_as is not None:
            sign = icons.pixmap("grip-vertical", "tx2", 12, painter.device().devicePixelRatioF())
            painter.drawPixmap(QPointF(box.right() - 12, middle - 6), sign)
            box.setRight(box.right() - 14)
        return box

    def _title(self, painter: QPainter, box: QRect, case: Case, column: Column, quiet: str) -> None:
        """Paints the kind, and in a column of several units first whose the case is."""
        if column.power == SEVERAL and case.responsible:
            unit = self._wording.power(case.responsible)
            paint.words(painter, box, unit, token=quiet, size=MEASURES.label)
            box.setLeft(box.left() + paint.text_width(unit, MEASURES.label) + 6)
        paint.words(painter, box, names.title(self._wording.board, case))
