"""The ground of the lanes: one painted viewport that shows a reading; the heads of what is scrolled stay in view."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from ui.teams.flashes import Flashes
from ui.teams.lanes import Lane, Narrowing, lanes
from ui.teams.layout import HEAD, LANE, ROW, Item, Layout, Part, Shape, laid_out
from ui.teams.painting import LanePainter
from ui.teams.reading import Reading
from ui.teams.words import Wording
from ui.theme import changed, colour, paint

BELOW = 220  # pixels
HEADS = LANE + HEAD  # pixels at the upper edge for the heads of what is scrolled


class Ground(QAbstractScrollArea):
    """Shows a reading as lanes, in the shape that the user has made of them."""

    def __init__(self, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.painter = LanePainter(wording)
        self.flashes = Flashes(self)
        self._shape = Shape()
        self._layout = Layout((), 0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # the width must not depend on the height
        self.verticalScrollBar().setSingleStep(ROW)
        changed.connect(self.repaint_all)
        self.flashes.turned.connect(self._paint_statuses)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes as shown."""
        return self.painter.lanes

    @property
    def layout_now(self) -> Layout:
        """Where everything stands."""
        return self._layout

    def show_reading(self, reading: Reading, narrowing: Narrowing, touched: frozenset[str] | None = None) -> None:
        """Shows `reading`; only what changed is painted again, and the records `touched` (None: everything)."""
        self.flashes.follow(reading)
        before, layout = self.lanes, self._layout
        self.painter.lanes, self.painter.by = lanes(reading, narrowing), narrowing.by
        self._lay_out()
        if touched is None or self._layout != layout:
            self.painter.forget()
            self.viewport().update()
            return
        region = QRegion()
        for item in self._visible():
            lane, was = self.lanes[item.lane], before[item.lane]
            differs = lane != was if item.column < 0 else lane.columns[item.column] != was.columns[item.column]
            if item.key in touched or (differs and item.part in (Part.LANE, Part.HEAD, Part.COUNTS)):
                region += self.rect_of(item)
        self.viewport().update(region)

    def turn(self) -> None:
        """Paints again the times in view."""
        region = QRegion()
        for item in self._visible():
            region += self.painter.time_rect(self.rect_of(item), item)
        self.viewport().update(region)

    def fold(self, lane: str) -> None:
        """Folds or unfolds a lane; its head stays in view."""
        self._reshape(replace(self._shape, folded=self._shape.folded ^ {lane}))
        head = self._layout.find((Part.LANE, lane))
        if head is not None:
            self.verticalScrollBar().setValue(min(self.top, head.top))

    def fold_all(self, folded: bool) -> None:
        """Folds all lanes, or unfolds them."""
        self._reshape(replace(self._shape, folded=frozenset(lane.id for lane in self.lanes) if folded else frozenset()))

    def open_queue(self, key: str) -> None:
        """Shows all cases of a queue."""
        self._reshape(replace(self._shape, opened=self._shape.opened | {key}))

    def item_at(self, spot: QPoint) -> Item | None:
        """Returns the item at a point of the viewport; None between them."""
        return self._layout.at(spot.x(), spot.y() + self.top, self.top)

    def rect_of(self, item: Item) -> QRect:
        """Returns the item's rectangle in the viewport."""
        return QRect(item.left, item.seen(self.top).top - self.top, item.width, item.height)

    def paint_above(self, painter: QPainter, top: int) -> None:
        """Paints what lies over the ground, which is shown from `top`."""

    def _reshape(self, shape: Shape) -> None:
        self._shape = shape
        self.painter.marks.folded = shape.folded
        self._lay_out()
        self.repaint_all()

    def _lay_out(self) -> None:
        size = self.viewport().size()
        self._layout = laid_out(self.lanes, size.width(), self._shape, height=size.height())
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(0, self._layout.height - self.viewport().height()))

    def _paint_statuses(self, crews: frozenset[str]) -> None:
        marks, region = self.painter.marks, QRegion()
        marks.flashing, marks.is_lit = self.flashes.crews, self.flashes.is_lit
        for item in self._visible():
            if item.part is Part.CREW and item.key in crews:
                region += self.painter.status_rect(self.rect_of(item), item)
        self.viewport().update(region)

    def _visible(self) -> list[Item]:
        pinned, top = self._layout.pinned(self.top), self.top
        first = max((item.bottom for item in pinned), default=top)
        return [*self._rows(first, top + self.viewport().height()), *pinned]

    def _rows(self, top: int, bottom: int) -> Iterator[Item]:
        """Returns an iterator over the items of a strip of the ground that move with it."""
        return (item for item in self._layout.within(top, bottom) if item.seen(self.top) is item)

    @property
    def top(self) -> int:
        """The first pixel of the ground in view."""
        return self.verticalScrollBar().value()

    def reveal(self, item: Item) -> None:
        """Scrolls to `item` if it is out of view, with what stands below it: a case with the crews of its lane."""
        bar, top, high = self.verticalScrollBar(), self.top, self.viewport().height()
        above = 0 if item.part is Part.LANE else HEADS
        if item.top < top + above:
            bar.setValue(item.top - above)
        elif item.bottom > top + high:
            bar.setValue(item.bottom + min(BELOW, high // 3) - high)

    def repaint_all(self, _theme: str = "") -> None:
        """Paints everything again."""
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(1200, 800)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, region, top = QPainter(self.viewport()), event.region(), self.top
        area, pinned = region.boundingRect(), self._layout.pinned(top)
        heads = max((item.bottom for item in pinned), default=top) - top
        painter.fillRect(area, colour("bg1"))
        painter.setClipRect(self.viewport().rect().adjusted(0, heads, 0, 0))
        first, end = max(area.top(), heads) + top, area.bottom() + 1 + top
        self._paint(painter, self._rows(first, end), region)
        for line in self._layout.edges(first, end):
            paint.hairline(painter, line.x, line.top - top, line.x, line.bottom - top)
        painter.setClipping(False)
        if area.top() < heads:
            self._paint_pinned(painter, pinned, region)
        self.paint_above(painter, top)
        painter.end()

    def _paint(self, painter: QPainter, items: Iterable[Item], region: QRegion) -> None:
        for item in items:
            rect = self.rect_of(item)
            part = region.intersected(rect).boundingRect()
            if not part.isEmpty():
                self.painter.paint(painter, rect, item, part)

    def _paint_pinned(self, painter: QPainter, pinned: Sequence[Item], region: QRegion) -> None:
        """Paints the heads that stay; that of the lane, which is the last, covers those of columns that leave."""
        for item in pinned:
            self._paint(painter, (item,), region)
            rect = self.rect_of(item)
            if rect.left() > 0:
                paint.hairline(painter, rect.left() - 1, rect.top(), rect.left() - 1, rect.bottom())
        below = max(self.rect_of(item).bottom() for item in pinned)
        paint.hairline(painter, 0, below, self.viewport().width(), below, token="ln2")

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        ground = self.viewport()
        ground.scroll(dx, dy, ground.rect().adjusted(0, HEADS, 0, 0))
        ground.update(0, 0, ground.width(), HEADS)

    def hideEvent(self, event: QHideEvent) -> None:
        self.flashes.rest()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()
        super().resizeEvent(event)
