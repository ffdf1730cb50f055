"""Paints one of the seat's own acts: when, delivery state as glyph and text, what was done, and the remark."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from commandcenter.store.board import Board
from commandcenter.store.overlay import Act
from ui.kit.tables.rows import ROW_ROLE
from ui.kit.texts.words import word
from ui.status import columns
from ui.theme import colour, paint
from ui.theme.tokens import MEASURES


class ActPainter(QStyledItemDelegate):
    """A delegate that reads the Act from ROW_ROLE and names from the board."""

    def __init__(self, board: Board, parent: object = None) -> None:
        super().__init__(parent)  # type: ignore[arg-type]
        self._board = board

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(240, MEASURES.row)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        act: Act | None = index.data(ROW_ROLE)
        if act is None:
            return
        box = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, colour("sel"))
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), colour("ac"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, colour("hover"))
        paint.hairline(painter, box.left(), box.bottom() - 1, box.right(), box.bottom() - 1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        self._words(painter, box, act, "tx2" if chosen else "tx3")

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
