"""How a row of any table looks beneath its words: ground, hover, choice, keyboard, line, heading."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ui.kit.table_view import TableView
from ui.theme import MEASURES, colour, paint

BAR = 3  # pixels of accent at the left edge of the chosen row


def ground(painter: QPainter, rect: QRect, *, view: TableView, row: int, is_first: bool) -> str:
    """Paint a cell's ground and line; returns the name of the ground, "sel", "hover" or "bg1"."""
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


def heading(painter: QPainter, rect: QRect, *, view: TableView, name: str, count: int | None) -> None:
    """Paint one cell's part of a heading that runs over the whole row."""
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
    """Paints ground, then a record's cell by `paint_cell`; the base class's own painting is never used."""

    def paint_cell(self, painter: QPainter, rect: QRect, *, key: str, slot: int, on: str) -> None:
        """Paint the column `key` of the record in `slot`; `on` names the ground."""
        raise NotImplementedError

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
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


def faint(on: str) -> str:
    """The text token of what is secondary: never tx3 on a chosen row."""
    return "tx2" if on == "sel" else "tx3"


LEFT = Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignRight
