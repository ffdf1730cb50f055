"""The ground of the lanes: one painted viewport with the item of the keyboard and the lanes that are folded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from ui.kit.labels.label import Retranslated
from ui.kit.texts.words import say
from ui.teams.lanes import Lane, Narrowing, lanes
from ui.teams.layout import CHOSEN, ROW, Item, Layout, Part, Shape, laid_out
from ui.teams.painting import LanePainter
from ui.teams.reading import Reading
from ui.teams.steps import step
from ui.theme import changed, colour, paint

if TYPE_CHECKING:
    from ui.teams.words import Wording

STEPS = {
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_PageUp: "page_up",
    Qt.Key.Key_PageDown: "page_down",
    Qt.Key.Key_Home: "first",
    Qt.Key.Key_End: "last",
}
PRESSES = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


class LaneView(Retranslated, QAbstractScrollArea):
    """Shows a reading as lanes. `chosen` carries the id of the case at which the user is, `opened` one to be opened."""

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wording = wording
        self._painter = LanePainter(wording)
        self._narrowing, self._shape = Narrowing(), Shape()
        self._layout = Layout((), 0)
        self._marks = self._painter.marks
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # the width must not depend on the height
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ring", False)  # the current item shows where the keyboard is
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(ROW)
        changed.connect(self._repaint)
        self.retell()

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes as shown."""
        return self._painter.lanes

    @property
    def layout_now(self) -> Layout:
        """Where everything stands."""
        return self._layout

    @property
    def current(self) -> Item | None:
        """The item at which the keyboard is; None while there is none or it is out of view."""
        return None if self._marks.current is None else self._layout.find(self._marks.current)

    @property
    def sentence(self) -> str:
        """The current item in a sentence; "" for none."""
        item = self.current
        return "" if item is None else self._wording.sentence(item, self.lanes[item.lane], by=self._painter.by)

    def show_reading(self, reading: Reading, narrowing: Narrowing, touched: frozenset[str] | None = None) -> None:
        """Shows `reading`; only what changed is painted again, and the records `touched` (None: everything)."""
        before, layout = self.lanes, self._layout
        self._painter.lanes, self._painter.by = lanes(reading, narrowing), narrowing.by
        self._narrowing = narrowing
        self._lay_out()
        if touched is None or self._layout != layout:
            self.viewport().update()
            return
        region = QRegion()
        for item in self._visible():
            lane, was = self.lanes[item.lane], before[item.lane]
            differs = lane != was if item.column < 0 else lane.columns[item.column] != was.columns[item.column]
            if item.key in touched or (differs and item.part in (Part.LANE, Part.HEAD, Part.COUNTS)):
                region += self._rect(item)
        self.viewport().update(region)

    def turn(self) -> None:
        """Paints again the times in view."""
        region = QRegion()
        for item in self._visible():
            region += self._painter.time_rect(self._rect(item), item)
        self.viewport().update(region)

    def choose_case(self, case: str | None, *, reveal: bool = True) -> None:
        """Marks `case` as the chosen one and goes to it if it is in view; emits nothing."""
        if (case or "") == self._marks.case:
            return
        self._marks.case = case or ""
        item = self._layout.find((Part.CASE, case)) if case else None
        if item is not None:
            self._marks.current = item.ref
            if reveal:
                self._reveal(item)
        self._tell_current()

    def fold(self, lane: str) -> None:
        """Folds or unfolds a lane."""
        self._reshape(replace(self._shape, folded=self._shape.folded ^ {lane}))

    def open_queue(self, key: str) -> None:
        """Shows all cases of a queue."""
        self._reshape(replace(self._shape, opened=self._shape.opened | {key}))

    def step(self, direction: str) -> None:
        """Moves the keyboard to the next item in a direction."""
        item = step(self._layout, self._marks.current, direction)
        if item is not None:
            self.go_to(item)

    def go_to(self, item: Item) -> None:
        """Moves the keyboard to `item`; a case becomes the chosen one."""
        self._marks.current = item.ref
        if item.part is Part.CASE and item.key != self._marks.case:
            self._marks.case = item.key
            self.chosen.emit(item.key)
        self._reveal(item)
        self._tell_current()

    def press(self, item: Item) -> None:
        """Does what Enter does: folds a lane, opens a queue, opens a case."""
        if item.part is Part.LANE:
            self.fold(item.key)
        elif item.part is Part.MORE:
            self.open_queue(item.key)
        elif item.part is Part.CASE:
            self.opened.emit(item.key)

    def item_at(self, spot: QPoint) -> Item | None:
        """Returns the item at a point of the viewport; None between them."""
        return self._layout.at(spot.x(), spot.y() + self._top())

    def rect_of(self, item: Item) -> QRect:
        """Returns the item's rectangle in the viewport."""
        return self._rect(item)

    def retell(self) -> None:
        self.setAccessibleName(say("队伍：街镇与单位"))
        self._repaint()

    def _reshape(self, shape: Shape) -> None:
        self._shape = shape
        self._marks.folded = shape.folded
        self._lay_out()
        self._repaint()

    def _lay_out(self) -> None:
        self._layout = laid_out(self.lanes, self.viewport().width(), self._shape)
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setRange(0, max(0, self._layout.height - self.viewport().height()))

    def _visible(self) -> list[Item]:
        top = self._top()
        return list(self._layout.within(top, top + self.viewport().height()))

    def _rect(self, item: Item) -> QRect:
        return QRect(item.left, item.top - self._top(), item.width, item.height)

    def _top(self) -> int:
        return self.verticalScrollBar().value()

    def _reveal(self, item: Item) -> None:
        bar, top = self.verticalScrollBar(), self._top()
        if item.top < top:
            bar.setValue(item.top)
        elif item.bottom > top + self.viewport().height():
            bar.setValue(item.bottom - self.viewport().height())

    def _tell_current(self) -> None:
        """Paints the marks and tells assistive technology the current item."""
        self._repaint()
        self.setAccessibleDescription(self.sentence)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def _repaint(self, _theme: str = "") -> None:
        self.viewport().update()

    def _hover(self, item: Item | None) -> None:
        ref = None if item is None or item.part not in CHOSEN else item.ref
        for one in (self._marks.hovered, ref) if ref != self._marks.hovered else ():
            found = None if one is None else self._layout.find(one)
            self.viewport().update(QRect() if found is None else self._rect(found))
        self._marks.hovered = ref

    def sizeHint(self) -> QSize:
        return QSize(1200, 800)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        region, top = event.region(), self._top()
        area = region.boundingRect()
        painter.fillRect(area, colour("bg1"))
        for item in self._layout.within(area.top() + top, area.bottom() + 1 + top):
            rect = self._rect(item)
            if region.intersects(rect):
                self._painter.paint(painter, rect, item)
        for line in self._layout.edges(area.top() + top, area.bottom() + 1 + top):
            paint.hairline(painter, line.x, line.top - top, line.x, line.bottom - top)
        painter.end()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()
        super().resizeEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.item_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        item = self.item_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and item is not None and item.part in CHOSEN:
            self.go_to(item)
            if item.part in (Part.LANE, Part.MORE):
                self.press(item)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        item = self.item_at(event.position().toPoint())
        if item is not None and item.part is Part.CASE:
            self.press(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current, plain = self.current, event.modifiers() in (_NONE, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() in STEPS:
            self.step(STEPS[Qt.Key(event.key())])
        elif plain and event.key() in PRESSES and current is not None:
            self.press(current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._marks.has_focus = True
        self._repaint()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._marks.has_focus = False
        self._repaint()
        super().focusOutEvent(event)


_NONE = Qt.KeyboardModifier.NoModifier
