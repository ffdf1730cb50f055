"""The history of outages as a list: period, duration, reason, acts done meanwhile, and when they were answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.kit.labels.label import Label, Retranslated
from ui.kit.layouts import vbox
from ui.kit.tables.rows import ROW_ROLE, Index, Rows
from ui.kit.texts import times
from ui.kit.texts.district_time import clock, other_day
from ui.kit.texts.faults import fault_name
from ui.kit.texts.words import phrase, say
from ui.theme import mark, paint
from ui.theme.tokens import MEASURES

if TYPE_CHECKING:
    from commandcenter.store.board import Board
    from commandcenter.sync.desk import Desk
    from commandcenter.sync.outages import Outage

ROW = 43


class OutageModel(Rows["Outage"]):
    """One row per outage, newest first."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(lambda outage: outage.since, parent)
        self._desk = desk

    def refresh(self) -> None:
        """Reads the history again; all rows change, because a current outage grows longer."""
        self.show_rows(reversed(self._desk.outages.history))
        self.refresh_all()

    def text(self, row: int) -> str:
        return "  ".join(outage_texts(self._desk, self.rows[row]))


class OutagePainter(QStyledItemDelegate):
    """Paints the period with the reason at the right; below it the duration and the acts done meanwhile."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box = QRectF(option.rect)
        paint.hairline(painter, box.left(), box.bottom(), box.right(), box.bottom())
        outage = index.data(ROW_ROLE)
        when, length, reason, meanwhile = outage_texts(self._desk, outage)
        pad = MEASURES.dock_padding
        top = QRectF(box.left() + pad, box.top() + 2, box.width() - 2 * pad, 20)
        paint.words(painter, top, reason, token="tx2", size=MEASURES.label, align=Qt.AlignmentFlag.AlignRight)
        top.setRight(top.right() - paint.text_width(reason, MEASURES.label) - 10)
        paint.words(painter, top, when, size=MEASURES.label)
        below = QRectF(box.left() + pad, box.top() + 20, box.width() - 2 * pad, 20)
        told = f"{length} · {meanwhile}"
        if paint.text_width(told, MEASURES.label) > below.width():
            told = f"{length} · {briefly(outage) or meanwhile}"
        paint.words(painter, below, told, token="tx2", size=MEASURES.label)


class OutageList(Retranslated, QWidget):
    """The list under its title; without outages a sentence instead."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.model = OutageModel(desk, self)
        self._title = Label(phrase("断开记录"), level="label")
        self._title.setContentsMargins(MEASURES.dock_padding, 10, MEASURES.dock_padding, 4)
        self.empty = Label(phrase("没有断开过。断开 3 秒以上的都记在这里，重启后还在。"), tone="tx3", wrap=True)
        self.empty.setContentsMargins(MEASURES.dock_padding, 2, MEASURES.dock_padding, 8)
        self._list = QListView()
        self._list.setModel(self.model)
        self._list.setItemDelegate(OutagePainter(desk, self._list))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setSelectionMode(QListView.SelectionMode.NoSelection)
        self._list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        mark(self, surface="bg1")
        vbox(self, self._title, self.empty, (self._list, 1))
        self.refresh()

    def refresh(self) -> None:
        """Reads the history again."""
        self.model.refresh()
        some = self.model.rowCount() > 0
        self._list.setVisible(some)
        self.empty.setVisible(not some)

    def retell(self) -> None:
        self.refresh()


def outage_texts(desk: Desk, outage: Outage) -> tuple[str, str, str, str]:
    """Returns the texts of an outage: period, duration, reason, acts done meanwhile."""
    board = desk.board
    until = clock(board, outage.until) if outage.until is not None else say("还没有恢复")
    when = f"{other_day(board, outage.since, desk.now())}{clock(board, outage.since)} – {until}"
    length = times.in_words(((outage.until or desk.now()) - outage.since).total_seconds())
    return when, length, fault_name(outage.code), _meanwhile(board, outage)


def _meanwhile(board: Board, outage: Outage) -> str:
    if not outage.kept:
        return say("其间没有操作")
    if outage.until is None:
        return say("已存 {n} 条", n=outage.kept)
    if outage.settled_at is None:
        return say("存了 {n} 条，正在送", n=outage.kept)
    at = clock(board, outage.settled_at)
    if outage.asked:
        return say("存了 {n} 条，{at} 都有答复，{m} 条需处理", n=outage.kept, at=at, m=outage.asked)
    return say("存了 {n} 条，{at} 全部生效", n=outage.kept, at=at)


def briefly(outage: Outage) -> str:
    """Returns what became of the acts done meanwhile without the time of it; "" as long as there is none."""
    if not outage.kept or outage.settled_at is None:
        return ""
    if outage.asked:
        return say("存了 {n} 条，{m} 条需处理", n=outage.kept, m=outage.asked)
    return say("存了 {n} 条，全部生效", n=outage.kept)
