"""Paints a row of the inbox: light, number, kind and time left on one line, the place below."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from commandcenter.store.board import Board
from ui.kit import records
from ui.kit.case_parts.clock import stand_image, time_text, time_token
from ui.kit.tables.row_paint import RowDelegate, secondary_token
from ui.kit.tables.rows import Index
from ui.kit.tables.view import TableView
from ui.kit.texts import names
from ui.kit.texts.glossary import called
from ui.kit.texts.numbers import told_apart
from ui.kit.texts.words import word
from ui.theme import colour, paint
from ui.theme.tokens import MEASURES
from ui.unit import columns
from ui.unit.own_parts import OwnParts

ROW = 50
LEFT = 38


class InboxDelegate(RowDelegate):
    """A delegate that reads the case of a row from the board; `shared` are the short numbers of several rows."""

    def __init__(self, view: TableView, board: Board, parts: OwnParts) -> None:
        super().__init__(view)
        self._board, self._parts = board, parts
        self.shared: frozenset[str] = frozenset()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paints a heading at the foot of its row, so that its space is above; other rows as the base class does."""
        view: TableView = self.parent()  # type: ignore[assignment]
        model, row = view.table_model, index.row()
        heading = model.heading_at(row) if model.slot_at(row) is None else None
        if heading is None:
            super().paint(painter, option, index)
            return
        box = QRectF(option.rect)
        painter.fillRect(box, colour("bg1"))
        low = box.adjusted(14, 20, -14, -2)
        paint.words(painter, low, f"{heading[0]} {heading[1]}", token="tx3", size=MEASURES.label)
        paint.hairline(painter, box.left(), box.bottom() - 1, box.right(), box.bottom() - 1)

    def paint_cell(self, painter: QPainter, rect: QRect, *, key: str, slot: int, on: str) -> None:
        case = records.case_at(self._board, slot)
        if case is None:
            return
        standing, part = self._parts.standing(case), self._parts.first(case)
        top = QRectF(rect.left(), rect.top() + 5, rect.width(), 22)
        light = "needs_you" if case.application and part is None else standing.light
        paint.glyph(painter, QPointF(rect.left() + 20, top.center().y()), f"light.{light}", size=12)
        time = time_text(standing, case, self._parts.clock.now)
        token = time_token(standing, on)
        right = top.adjusted(0, 0, -14, 0)
        if standing.stands:
            at, image = QPointF(right.right() - 6, right.center().y()), stand_image(standing)
            paint.stamp(painter, at, image, tone=secondary_token(on))
            right.setRight(right.right() - 18)
        loud = standing.light in ("soon", "overdue") and not standing.stands
        paint.words(painter, right, time, token=token, bold=loud, align=Qt.AlignmentFlag.AlignRight)
        number = told_apart(case, self.shared, year=self._parts.clock.year)
        paint.words(painter, top.adjusted(LEFT, 0, 0, 0), number, token="tx2")
        start = LEFT + paint.text_width(number) + 8
        room = right.width() - start - paint.text_width(time, MEASURES.body, loud) - 12
        title = QRectF(top.left() + start, top.top(), room, top.height())
        paint.words(painter, title, names.title(self._board, case), bold=True)
        below = QRectF(rect.left() + LEFT, rect.top() + 26, rect.width() - LEFT - 14, 19)
        chips = {"stage": part is not None and word("task_kind", part.kind, short=True), "warn": columns.reminder(case)}
        for kind, said in chips.items():
            if said:
                width = paint.chip(painter, below.left(), below.center().y(), said, kind=kind)
                below.setLeft(below.left() + 8 + width)
        paint.words(painter, below, called(case.place), token=secondary_token(on), size=MEASURES.label)
