"""Paints one of the seat's own acts: when, delivery state as glyph and text, what was done, and the remark."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from commandcenter.store.board import Board
from commandcenter.store.overlay import Act
from ui.kit.tables.row_paint import item_ground, secondary_token
from ui.kit.tables.rows import ROW_ROLE, Index
from ui.kit.texts.words import word
from ui.status import columns
from ui.theme import paint
from ui.theme.tokens import MEASURES


class ActPainter(QStyledItemDelegate):
    """A delegate that reads the Act from ROW_ROLE and names from the board."""

    def __init__(self, board: Board, parent: object = None) -> None:
        super().__init__(parent)  # type: ignore[arg-type]
        self._board = board

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(240, MEASURES.row)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        act: Act | None = index.data(ROW_ROLE)
        if act is None:
            return
        box = QRectF(option.rect)
        self._words(painter, box, act, secondary_token(item_ground(painter, box, option.state)))

    def _words(self, painter: QPainter, box: QRectF, act: Act, faint: str) -> None:
        shape, table, key = columns.delivery_term(act)
        middle = box.center().y()
        when = QRectF(box.left() + 12, box.top(), 56, box.height())
        paint.words(painter, when, columns.made(self._board, act), token=faint, size=MEASURES.label)
        paint.glyph(painter, QPointF(box.left() + 82, middle), shape, size=11)
        how = QRectF(box.left() + 96, box.top(), 66, box.height())
        said = word(table, key, short=True)
        paint.words(painter, how, said, token=columns.TONES[key], bold=True, size=MEASURES.label)
        remark = columns.remark(self._board, act)
        wide = min(paint.text_width(remark, MEASURES.label), int(box.width() * 0.36))
        right = QRectF(box.right() - wide - 14, box.top(), wide + 2, box.height())
        paint.words(painter, right, remark, token="tx2", size=MEASURES.label, align=Qt.AlignmentFlag.AlignRight)
        what = QRectF(box.left() + 166, box.top(), right.left() - box.left() - 178, box.height())
        paint.words(painter, what, columns.about(self._board, act))
