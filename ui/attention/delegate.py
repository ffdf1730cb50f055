"""Paints a row of the list of attention: the level's shape, the cause, what it is about, where, and since when."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from commandcenter.attention.causes import DECISION
from commandcenter.attention.heed import Heed
from ui.attention.model import Entry, HeedHeading
from ui.attention.watch import AttentionWatch
from ui.attention.wording import SHAPES, TONES, Wording
from ui.kit.tables.row_paint import item_ground, secondary_token
from ui.kit.tables.rows import ROW_ROLE
from ui.theme import paint
from ui.theme.tokens import MEASURES

ROW, HEAD = 50, 32
LEFT, EDGE = 38, 16  # pixels to the words, and around the row
RIGHT = Qt.AlignmentFlag.AlignRight


class AttentionPainter(QStyledItemDelegate):
    """A delegate that paints the HeedHeading or Entry under ROW_ROLE."""

    def __init__(self, watch: AttentionWatch, wording: Wording, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watch, self._wording = watch, wording

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(240, HEAD if isinstance(index.data(ROW_ROLE), HeedHeading) else ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row, box = index.data(ROW_ROLE), QRectF(option.rect)
        if isinstance(row, HeedHeading):
            low = box.adjusted(EDGE, 10, -EDGE, 0)
            paint.words(painter, low, f"{row.words}  {row.count}", token="tx3", size=MEASURES.label)
            paint.hairline(painter, box.left(), box.bottom() - 1, box.right(), box.bottom() - 1)
        elif isinstance(row, Entry):
            self._entry(painter, box, row, secondary_token(item_ground(painter, box, option.state)))

    def _entry(self, painter: QPainter, box: QRectF, row: Entry, faint: str) -> None:
        one, say = row.concern, self._wording
        is_calm = row.heed in (Heed.SEEN, Heed.SNOOZED)
        top = QRectF(box.left() + LEFT, box.top() + 6, box.width() - LEFT - EDGE, 20)
        shape = "light.needs_you" if one.is_escalated or one.cause == DECISION else SHAPES[one.level]
        paint.glyph(painter, QPointF(box.left() + EDGE + 5, top.center().y()), shape, size=12)
        since = say.since(one)
        paint.words(painter, top, since, token=faint, size=MEASURES.label, align=RIGHT)
        top.setWidth(top.width() - paint.text_width(since, MEASURES.label) - 10)
        cause, tone = str(say.cause(one)), "tx2" if is_calm else TONES[one.level]
        paint.words(painter, top, cause, token=tone, bold=not is_calm)
        top.setLeft(top.left() + paint.text_width(cause, MEASURES.body, not is_calm) + 10)
        paint.words(painter, top, say.subject(one), token="tx2" if is_calm else "tx1")
        below = QRectF(box.left() + LEFT, box.top() + 26, box.width() - LEFT - EDGE, 18)
        until = self._watch.snoozed_until(one) if row.heed is Heed.SNOOZED else None
        paint.words(
            painter, below, say.where(one) if until is None else say.until(until), token=faint, size=MEASURES.label
        )
