"""Table header whose titles align with the text of the cells; the sort arrow follows the title."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QTableView

from ui.kit.tables.columns import Column, fit
from ui.theme import MEASURES, colour, icons, paint

INSET = 6  # pixels from a cell's left edge to its text
ARROW = 12


class TableHead(QHeaderView):
    """Paints itself and keeps the columns' order and widths; a click sorts, a drag moves a column, never the first."""

    columns_arranged = Signal()  # by the user: another order, or other columns hidden

    def __init__(self, columns: Sequence[Column], table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self.columns, self._table = columns, table
        self._hidden: frozenset[str] = frozenset()
        self._under = -1
        self.setFixedHeight(MEASURES.head)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(24)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMouseTracking(True)
        self.sectionMoved.connect(lambda *_: self.columns_arranged.emit())

    @property
    def hidden(self) -> frozenset[str]:
        """The keys of the columns that the user hid."""
        return self._hidden

    def order(self) -> tuple[str, ...]:
        """Returns the keys of all columns from left to right."""
        return tuple(self.columns[self.logicalIndex(at)].key for at in range(len(self.columns)))

    def arrange(self, order: Sequence[str], hidden: frozenset[str]) -> None:
        """Puts the columns in this order, those not named behind it, and hides `hidden`.

        Unknown keys are ignored. The first column stays the first.
        """
        known = [column.key for column in self.columns]
        wanted = [key for key in order if key in known[1:]]
        self.blockSignals(True)
        for place, key in enumerate((known[0], *wanted, *(key for key in known[1:] if key not in wanted))):
            self.moveSection(self.visualIndex(known.index(key)), place)
        self.blockSignals(False)
        self._hidden = hidden & frozenset(known)
        self.fit()
        self._table.viewport().update()
        self.viewport().update()

    def fit(self) -> None:
        """Sets the width of each column; columns shrink or hide when space is short."""
        widths = fit(self.columns, self._table.viewport().width(), without=self._hidden)
        for at, column in enumerate(self.columns):
            self._table.setColumnHidden(at, column.key not in widths)
            if column.key in widths:
                self._table.setColumnWidth(at, widths[column.key])

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        painter.fillRect(rect, colour("bg1"))
        paint.hairline(painter, rect.left(), rect.bottom(), rect.right() + 1, rect.bottom(), token="ln2")
        said = str(self.model().headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        inset = MEASURES.dock_padding if self.visualIndex(logicalIndex) == 0 else INSET
        box = rect.adjusted(inset, 0, -2, 0)
        sorted_by = self.isSortIndicatorShown() and logicalIndex == self.sortIndicatorSection()
        token = "tx1" if logicalIndex == self._under else "tx3"
        paint.words(painter, box, said, token=token, size=MEASURES.label)
        if sorted_by:
            rises = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
            drawn = icons.pixmap("arrow-up" if rises else "arrow-down", "ac", ARROW, self.devicePixelRatioF())
            left = min(box.left() + paint.text_width(said, MEASURES.label) + 4, rect.right() - ARROW)
            painter.drawPixmap(QPointF(left, rect.top() + (rect.height() - ARROW) / 2), drawn)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.logicalIndexAt(event.position().toPoint()))

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)  # type: ignore[arg-type]
        self._hover(-1)

    def _hover(self, section: int) -> None:
        if section != self._under:
            self._under = section
            self.viewport().update()
