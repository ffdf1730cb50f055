"""Paints the cells of the queue's rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter

from commandcenter.domain.cases import Case
from commandcenter.store.columns import CaseColumns
from commandcenter.store.overlay import Delivery
from ui.cases.texts import NO_NAME, Texts, stage_word
from ui.cases.time_words import in_row
from ui.kit.case_parts.clock import SecondClock, stand_image, time_text, time_token
from ui.kit.case_parts.deliveries import glyph_of
from ui.kit.case_parts.stages import stage_ink
from ui.kit.tables.columns import Column
from ui.kit.tables.head import INSET
from ui.kit.tables.row_paint import RIGHT, RowDelegate, secondary_token
from ui.kit.tables.view import TableView
from ui.kit.texts.numbers import number_of
from ui.kit.texts.words import say, word
from ui.theme import paint

GLYPH_AT = 18  # pixels from the cell's left edge to the middle of the light
TIME_BEGINS = 25
# pixels from the cell's right edge, or the mark before, to the middle of a mark: the delivery state of the user's own
# act, or that the clock stands; as many are kept free between it and the time
MARK_AT, LEAST_MARK_AT = 11, 7  # the second beside a long time
MARK_STEP = 14


class QueueDelegate(RowDelegate):
    """A delegate that paints the cases of the board as of the current second of `clock`.

    A column without a painter of its own is its text in its tone.
    """

    def __init__(
        self, view: TableView, columns: Iterable[Column], cases: CaseColumns, clock: SecondClock, texts: Texts
    ) -> None:
        super().__init__(view)
        self._columns = {column.key: column for column in columns}
        self._cases, self._clock, self._texts = cases, clock, texts
        self._painters: dict[str, Callable[[QPainter, QRect, Case, int, str], None]] = {
            "time": self._time,
            "number": self._number,
            "stage": self._stage,
            "responsible": self._responsible,
        }

    def paint_cell(self, painter: QPainter, rect: QRect, *, key: str, slot: int, on: str) -> None:
        case = self._texts.case(slot)
        if case is None:
            return
        if key in self._painters:
            self._painters[key](painter, rect, case, slot, on)
            return
        column = self._columns[key]
        token = secondary_token(on) if column.tone == "tx3" else column.tone
        paint.words(painter, _inside(rect), column.text(slot) or NO_NAME, token=token)

    def _time(self, painter: QPainter, rect: QRect, case: Case, slot: int, on: str) -> None:
        standing = self._clock.standing(case)
        middle = rect.top() + rect.height() / 2
        paint.glyph(painter, QPointF(rect.left() + GLYPH_AT, middle), f"light.{standing.light}")
        delivery, stands = Delivery(int(self._cases["delivery"][slot])), stand_image(standing)
        is_pending = delivery is not Delivery.DONE
        told = in_row(self._clock, case)
        if paint.text_width(told) + _least_room(stands, is_pending=is_pending) >= rect.width():
            told = time_text(standing, case, self._clock.now)
        gap, stamp = _marks(rect.width() - paint.text_width(told), stands, is_pending=is_pending)
        end = rect.right() - gap
        if is_pending:
            paint.glyph(painter, QPointF(end, middle), glyph_of(delivery), size=12)
        if stamp:
            end -= MARK_STEP if is_pending else 0
            paint.stamp(painter, QPointF(end, middle), stamp, tone=secondary_token(on))
        box = QRectF(rect.left() + TIME_BEGINS, rect.top(), end - gap - rect.left() - TIME_BEGINS, rect.height())
        paint.words(painter, box, told, token=time_token(standing, on), align=RIGHT)

    def _number(self, painter: QPainter, rect: QRect, case: Case, slot: int, on: str) -> None:
        number, box = number_of(case, year=self._clock.year), _inside(rect)
        if case.number is None:
            paint.words(painter, box, number.tail, token=secondary_token(on))
            return
        wide = paint.text_width(number.prefix)
        if wide + paint.text_width(number.tail) <= box.width():
            paint.words(painter, box, number.prefix, token=secondary_token(on))
            box.setLeft(box.left() + wide)
        paint.words(painter, box, number.tail)

    def _stage(self, painter: QPainter, rect: QRect, case: Case, slot: int, on: str) -> None:
        if case.application is not None:
            paint.words(painter, _inside(rect), word("stage", "return_asked"), token="vio")
            return
        paint.words(painter, _inside(rect), stage_word(case), token=stage_ink(case.stage))

    def _responsible(self, painter: QPainter, rect: QRect, case: Case, slot: int, on: str) -> None:
        said = self._texts.name("holder", case.responsible)
        if case.responsible is None and case.returns:
            said = say("— 回退待派")
        paint.words(painter, _inside(rect), said, token="tx2")


def _least_room(stamp: str, *, is_pending: bool) -> int:
    """Returns how many pixels light and marks take at least beside a time."""
    return TIME_BEGINS + 2 * LEAST_MARK_AT + (MARK_STEP if stamp and is_pending else 0)


def _marks(room: int, stamp: str, *, is_pending: bool) -> tuple[int, str]:
    """Returns how many pixels are free on either side of the marks beside a time that leaves `room`, and the stamp.

    A time is never elided: it goes before the stamp, whose meaning its tone has too.
    """
    for gap in (MARK_AT, LEAST_MARK_AT):
        if TIME_BEGINS + 2 * gap + (MARK_STEP if stamp and is_pending else 0) < room:
            return gap, stamp
    return LEAST_MARK_AT, "" if is_pending else stamp


def _inside(rect: QRect) -> QRect:
    return rect.adjusted(INSET, 0, -4, 0)
