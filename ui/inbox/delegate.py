"""Paints a row of the inbox 需处理: reason, case and time of an act, what stands against it, and what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.versions import Versions
from ui.inbox.model import InboxHeading
from ui.inbox.words import Wording, reason_key, why
from ui.kit.case_parts.deliveries import sent_after_sign_in, without_effect
from ui.kit.tables.row_paint import item_ground, secondary_token
from ui.kit.tables.rows import ROW_ROLE
from ui.kit.texts import names
from ui.kit.texts.words import Words, phrase, term
from ui.theme import paint
from ui.theme.tokens import MEASURES

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

ROW, HEAD = 70, 36
LEFT = 34
TONES = {"dropped": "tx3", "replaced": "ok", "other_user": "tx2", "held": "tx2"}
SHAPES = {"dropped": "light.none", "replaced": "delivery.done", "other_user": "delivery.kept", "held": "light.paused"}
RIGHT = Qt.AlignmentFlag.AlignRight


class InboxPainter(QStyledItemDelegate):
    """A delegate that paints the InboxHeading or Act under ROW_ROLE."""

    def __init__(self, desk: Desk, wording: Wording, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._wording = desk, wording

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(240, HEAD if isinstance(index.data(ROW_ROLE), InboxHeading) else ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(ROW_ROLE)
        box = QRectF(option.rect)
        if isinstance(row, InboxHeading):
            low = box.adjusted(14, 12, -14, 0)
            paint.words(painter, low, f"{row.words}  {row.count}", token="tx3", size=MEASURES.label)
            paint.hairline(painter, box.left(), box.bottom() - 1, box.right(), box.bottom() - 1)
        elif isinstance(row, Act):
            self._act(painter, box, row, secondary_token(item_ground(painter, box, option.state)))

    def _act(self, painter: QPainter, box: QRectF, act: Act, faint: str) -> None:
        user = self._desk.person.user if self._desk.person is not None else ""
        key = reason_key(act, user)
        top = QRectF(box.left() + LEFT, box.top() + 6, box.width() - LEFT - 14, 20)
        paint.glyph(painter, QPointF(box.left() + 18, top.center().y()), SHAPES.get(key, "light.needs_you"), size=12)
        at = self._wording.clock(act.moved_at or act.made_at)
        paint.words(painter, top, at, token=faint, size=MEASURES.label, align=RIGHT)
        kind = str(term("waits", key))
        room = top.width() - paint.text_width(at, MEASURES.label) - 10
        paint.words(painter, top, kind, token=TONES.get(key, "vio"), bold=True)
        start = paint.text_width(kind, MEASURES.body, True) + 10
        case = QRectF(top.left() + start, top.top(), room - start, top.height())
        seen = self._desk.decisions.look(act.cmd_id)
        known = (seen.theirs or seen.before) if seen is not None else None
        paint.words(painter, case, str(self._wording.record(act.compared, known)), bold=not act.is_dropped)
        told = ((self._against(act, key, seen), "tx2"), (self._mine(seen.act if seen else act, user), faint))
        for line, (said, token) in enumerate(told):
            below = QRectF(top.left(), box.top() + 26 + 19 * line, top.width(), 19)
            paint.words(painter, below, str(said), token=token, size=MEASURES.label)

    def _against(self, act: Act, key: str, seen: Versions | None) -> Words:
        """Returns what stands against the act, short enough for a row."""
        if key == "conflict":
            decisive = seen.decisive if seen is not None else None
            return self._wording.did(decisive) if decisive is not None else why("changed")
        if key == "other_user" and act.delivery is Delivery.NEEDS_YOU:
            return phrase("等{who}决定：{why}", who=names.account_name(self._desk.board, act.user), why=why(act.code))
        if key == "other_user":
            return sent_after_sign_in(self._desk.board, act.user)
        if key in ("dropped", "replaced"):
            return phrase("已重做为新的一步") if key == "replaced" else without_effect(act)
        return why(act.code)

    def _mine(self, act: Act, user: str) -> Words:
        made = self._wording.clock(act.made_at)
        if act.user != user:
            return phrase("{at} 存下：{what}", at=made, what=self._wording.act(act))
        if act.on_behalf_of is not None:
            return phrase(
                "代{who}：{what}，{at} 存下", who=self._wording.owner(act), what=self._wording.act(act), at=made
            )
        return phrase("我的：{what}，{at} 存下", what=self._wording.act(act), at=made)
