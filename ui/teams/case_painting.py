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

PLACE = 16  # pixels for the number of a place, or the delivery state of the user's own act
LIGHT, SIGN, GRIP = 16, 12, 14  # pixels for a light, the sign of an application, and that a place was given by hand
NUMBER_AT = BAR + PLACE + LIGHT  # pixels from the left edge of a row to the number
GAP = 5  # pixels between two words
LEAST_UNIT = 36  # pixels of the name of a unit that are worth showing
SLACK = 1  # pixels: a text is up to half of one wider than its rounded width


class CasePainter:
    """Paints what stands in the row of a case, on a ground that is there."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def timed(self, rect: QRect, case: Case) -> Timed:
        """Returns the time in the row in `rect` as of this second, briefly where the kind needs the room."""
        clock, right = self._wording.clock, rect.right() - EDGE
        standing = clock.standing(case)
        title = paint.text_width(names.title(self._wording.board, case), MEASURES.label)
        room = right - self._title_left(rect, case) - title - _marks_width(case) - GAP
        said = time_text(standing, case, clock.now)
        if paint.text_width(said) > room:
            said = time_text(standing, case, clock.now, brief=True)
        token = "tx3" if standing.left is None else time_token(standing)
        return Timed(said, token, right - paint.text_width(said) - 1, right, standing.light)

    def paint(
        self, painter: QPainter, rect: QRect, case: Case, place: int, column: Column, timed: Timed, quiet: str
    ) -> None:
        """Paints all but the time of a case that has a `place` in its queue; `quiet` is the token of what says less."""
        middle, left = rect.top() + rect.height() / 2, rect.left() + BAR
        spot = QPointF(left + PLACE / 2 + 2, middle)
        if not paint_delivery(painter, spot, self._wording.board, "case", case.id):
            box, said = QRect(rect.left(), rect.top(), BAR + PLACE, rect.height()), str(place)
            size = MEASURES.label if paint.text_width(said, MEASURES.label) <= box.width() else MEASURES.note
            paint.words(painter, box, said, token=quiet, size=size, align=RIGHT)
        left += PLACE
        paint.glyph(painter, QPointF(left + LIGHT / 2 + 0.5, middle), f"light.{timed.light}", size=11)
        box = QRect(rect.left() + NUMBER_AT, rect.top(), 56, rect.height())
        paint.words(painter, box, tail(case), token=quiet, size=MEASURES.label)
        box.setLeft(self._title_left(rect, case))
        box.setRight(timed.left - GAP)
        self._title(painter, self._marks(painter, box, case), case, column, quiet)

    def _title_left(self, rect: QRect, case: Case) -> int:
        return rect.left() + NUMBER_AT + paint.text_width(tail(case), MEASURES.label) + GAP

    def _marks(self, painter: QPainter, box: QRect, case: Case) -> QRect:
        """Paints at the right what is open about a case and whether its place was given by hand; returns the rest."""
        middle = box.top() + box.height() / 2
        if case.application is not None:
            paint.glyph(painter, QPointF(box.right() - 4, middle), "light.needs_you", size=10)
            box.setRight(box.right() - SIGN)
        if case.queued_as is not None:
            sign = icons.pixmap("grip-vertical", "tx2", 12, painter.device().devicePixelRatioF())
            painter.drawPixmap(QPointF(box.right() - 12, middle - 6), sign)
            box.setRight(box.right() - GRIP)
        return box

    def _title(self, painter: QPainter, box: QRect, case: Case, column: Column, quiet: str) -> None:
        """Paints the kind, smaller where it needs that; before it, in a column of several units, whose the case is.

        The unit gives way to the kind.
        """
        title, label = names.title(self._wording.board, case), MEASURES.label
        unit = self._wording.power(case.responsible) if column.power == SEVERAL and case.responsible else ""
        wide = paint.text_width(unit, label)
        before = wide + GAP if unit else 0
        size = MEASURES.body if before + paint.text_width(title) <= box.width() else label
        room = min(wide, box.width() - paint.text_width(title, size) - GAP)
        if unit and room >= min(wide, LEAST_UNIT):
            place = QRect(box.left(), box.top(), room + SLACK, box.height())
            paint.words(painter, place, unit, token=quiet, size=label)
            box.setLeft(box.left() + room + GAP)
        paint.words(painter, box.adjusted(0, 0, SLACK, 0), title, size=size)


def _marks_width(case: Case) -> int:
    return (SIGN if case.application is not None else 0) + (GRIP if case.queued_as is not None else 0)
