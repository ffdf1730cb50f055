"""Paints table rows beneath their text: background, hover, selection, keyboard focus, separator and headings."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.kit.tables.rows import Index
from ui.kit.tables.view import TableView
from ui.theme import MEASURES, colour, paint

BAR = 3  # pixels, width of the accent bar at the left edge of the selected row


def ground(painter: QPainter, rect: QRect, *, view: TableView, row: int, is_first: bool) -> str:
    """Paints a cell's background and separator. Returns the background's token: "sel", "hover" or "bg1"."""
    chosen = view.selectionModel().isRowSelected(row)
    name = "sel" if chosen else "hover" if row == view.hovered else "bg1"
    painter.fillRect(rect, colour(name))
    paint.hairline(painter, rect.left(), rect.bottom(), rect.right() + 1, rect.bottom())
    if chosen and is_first:
        painter.fillRect(QRect(rect.left(), rect.top(), BAR, rect.height() - 1), colour("ac"))
    if view.hasFocus() and row == view.currentIndex().row():
        painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 2), colour("ac"))
        painter.fillRect(QRect(rect.left(), rect.bottom() - 1, rect.width(), 2), colour("ac"))
    return name


def item_ground(painter: QPainter, box: QRectF, state: QStyle.StateFlag) -> str:
    """Paints the background and separator of a row that is one item. Returns the background's token, as `ground`."""
    chosen = bool(state & QStyle.StateFlag.State_Selected)
    name = "sel" if chosen else "hover" if state & QStyle.StateFlag.State_MouseOver else "bg1"
    painter.fillRect(box, colour(name))
    paint.hairline(painter, box.left(), box.bottom() - 1, box.right(), box.bottom() - 1)
    if chosen:
        painter.fillRect(QRectF(box.left(), box.top(), BAR, box.height()), colour("ac"))
        if state & QStyle.StateFlag.State_HasFocus:
            for edge in (box.top(), box.bottom() - 2):
                painter.fillRect(QRectF(box.left(), edge, box.width(), 2), colour("ac"))
    return name


def heading(painter: QPainter, rect: QRect, *, view: TableView, name: str, count: int | None) -> None:
    """Paints one cell's part of a heading that spans the row; without `count` the name stands alone."""
    painter.save()
    painter.setClipRect(rect)
    painter.fillRect(rect, colour("bg2"))
    whole = QRect(MEASURES.dock_padding, rect.top(), view.viewport().width(), rect.height())
    paint.words(painter, whole, name, token="tx2", size=MEASURES.label)
    if count is not None:
        whole.setLeft(whole.left() + paint.text_width(name, MEASURES.label) + 8)
        paint.words(painter, whole, f"{count:,}", token="tx3", size=MEASURES.label)
    paint.hairline(painter, rect.left(), rect.bottom(), rect.right() + 1, rect.bottom())
    painter.restore()


class RowDelegate(QStyledItemDelegate):
    """Paints the background and then a record's cell by `paint_cell`; the base class paints nothing."""

    def paint_cell(self, painter: QPainter, rect: QRect, *, key: str, slot: int, on: str) -> None:
        """Paints the column `key` of the record in `slot`; `on` is the background's token."""
        raise NotImplementedError

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view: TableView = self.parent()  # type: ignore[assignment]
        model, row, at = view.table_model, index.row(), index.column()
        rect: QRect = option.rect
        slot = model.slot_at(row)
        if slot is None:
            title = model.heading_at(row)
            name, count = title or (str(model.data(model.index(row, 0)) or ""), None)
            heading(painter, rect, view=view, name=name, count=count)
            return
        on = ground(painter, rect, view=view, row=row, is_first=at == 0)
        self.paint_cell(painter, rect, key=model.columns[at].key, slot=slot, on=on)


def secondary_token(on: str) -> str:
    """Returns the token of secondary text: tx2 on a selected row, else tx3."""
    return "tx2" if on == "sel" else "tx3"


LEFT = Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignRight
