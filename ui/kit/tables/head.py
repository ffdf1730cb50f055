"""Table header whose titles align with the text of the cells; the sort arrow follows the title."""

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from ui.theme import MEASURES, colour, icons, paint

INSET = 6  # pixels from a cell's left edge to its text
ARROW = 12


class TableHead(QHeaderView):
    """Paints itself; a click sorts, a drag moves a column, never the first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
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
