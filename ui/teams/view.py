"""The lanes as the user acts on them: the keyboard's item, the chosen case, and what the pointer drags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import QWidget

from ui.kit.labels.label import Retranslated
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import say
from ui.teams.dragging import Dragging
from ui.teams.ground import Ground
from ui.teams.layout import CHOSEN, ROW, Item, Part, opened_key
from ui.teams.steps import step

if TYPE_CHECKING:
    from ui.teams.targets import Target, Targets
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
MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}  # with Ctrl
FOLDS = {Qt.Key.Key_Left: True, Qt.Key.Key_Right: False}  # with Ctrl
EDGE, EDGE_PAUSE = 36, 40  # pixels, and milliseconds between two steps of scrolling
PRESSES = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


class LaneView(Retranslated, Ground):
    """Shows a reading as lanes.

    `chosen` carries the id of the case at which the user is, `crew_reached` that of the crew at which the keyboard is
    ("": at none), `opened` a case to be opened, `dropped` what letting go of something is to do.
    """

    chosen = Signal(str)
    crew_reached = Signal(str)
    opened = Signal(str)
    dropped = Signal(object)  # Offer
    window_asked = Signal(str)  # the id of a street whose lane the user wants in a window of its own
    moved = Signal(str, int)  # the id of a case and by how many places it is to move

    def __init__(self, wording: Wording, targets: Targets, parent: QWidget | None = None) -> None:
        super().__init__(wording, parent)
        self._wording, self._targets = wording, targets
        self.dragging = Dragging(wording, self._target_at)
        self._edge = QTimer(self, interval=EDGE_PAUSE)
        self._edge.timeout.connect(self._scroll_at_edge)
        self._marks = self.painter.marks
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ring", False)  # the current item shows where the keyboard is
        self.viewport().setMouseTracking(True)
        self.retell()

    @property
    def current(self) -> Item | None:
        """The item at which the keyboard is; None while there is none or it is out of view."""
        return None if self._marks.current is None else self._layout.find(self._marks.current)

    @property
    def sentence(self) -> str:
        """The current item in a sentence; "" for none."""
        item = self.current
        return "" if item is None else self._wording.sentence(item, self.lanes[item.lane], by=self.painter.by)

    def tip(self, item: Item | None) -> str:
        """Returns what is said of an item under the pointer, in full, and what can be done with it; "" for nothing."""
        if item is None or item.part not in CHOSEN:
            return ""
        told = self._wording.sentence(item, self.lanes[item.lane], by=self.painter.by)
        return "\n".join(filter(None, (told, *self._wording.more(item))))

    def choose_case(self, case: str | None, *, reveal: bool = True) -> None:
        """Marks `case` as the chosen one and goes to it if it is in view; does not emit `chosen`."""
        if (case or "") == self._marks.case:
            return
        self._marks.case = case or ""
        item = self._uncovered(case) if case else None
        if item is None:
            self.repaint_all()
            return
        self._marks.current = item.ref
        if reveal:
            self.reveal(item)
        self._tell_current()

    def choose_crew(self, crew: str) -> None:
        """Goes to `crew` if it is in view."""
        item = self._layout.find((Part.CREW, crew))
        if item is not None and item.ref != self._marks.current:
            self._marks.current = item.ref
            self.reveal(item)
            self._tell_current()

    def step(self, direction: str) -> None:
        """Moves the keyboard to the next item in a direction."""
        item = step(self._layout, self._marks.current, direction)
        if item is not None:
            self.go_to(item)

    def go_to(self, item: Item) -> None:
        """Moves the keyboard to `item`; a case or a crew becomes the chosen one."""
        self._marks.current = item.ref
        self._see(item.ref)
        if item.part is Part.CASE and item.key != self._marks.case:
            self._marks.case = item.key
            self.chosen.emit(item.key)
        self.reveal(item)
        self._tell_current()

    def press(self, item: Item) -> None:
        """Does what Enter does: folds a lane, opens a queue, opens a case, goes to what a crew works on."""
        if item.part is Part.LANE:
            self.fold(item.key)
        elif item.part is Part.MORE:
            self.open_queue(item.key)
        elif item.part is Part.CASE:
            self.opened.emit(item.key)
        elif item.part is Part.CREW:
            self._go_to_job(item.key)

    def retell(self) -> None:
        self.setAccessibleName(say("队伍：街镇与单位"))
        self.repaint_all()

    def paint_above(self, painter: QPainter, top: int) -> None:
        self.dragging.paint(painter, self.viewport().size(), top)

    def _ask_window(self, item: Item) -> None:
        lane = self.lanes[item.lane]
        street = lane.id if self.painter.by == "streets" else lane.columns[max(0, item.column)].street
        if street:
            self.window_asked.emit(street)

    def _go_to_job(self, crew: str) -> None:
        case = self._wording.job(crew)
        item = self._uncovered(case) if case else None
        if item is not None:
            self.go_to(item)

    def _uncovered(self, case: str) -> Item | None:
        """Returns the item of a case, for which its queue is opened if need be; a folded lane stays folded."""
        found = self._layout.find((Part.CASE, case))
        if found is None:
            for lane in self.lanes:
                for column in lane.columns:
                    if case in column.queue:
                        self.open_queue(opened_key(lane, column))
                        return self._layout.find((Part.CASE, case))
        return found

    def _target_at(self, dragged: Item, spot: QPoint) -> Target | None:
        return self._targets.at(dragged, spot.x(), spot.y() + self.top, self._layout, self.lanes, self.top)

    def _drag_to(self, spot: QPoint) -> None:
        was_on = self.dragging.is_on
        self.viewport().update(self.dragging.move(spot, self.viewport().size(), self.top))
        if self.dragging.is_on and not was_on:
            self._hover(None)
            self._edge.start()

    def _scroll_at_edge(self) -> None:
        """Scrolls while something is dragged along the upper or lower edge."""
        y, bar = self.dragging.spot.y(), self.verticalScrollBar()
        near = -1 if y < EDGE else 1 if y > self.viewport().height() - EDGE else 0
        if near and self.dragging.is_on:
            bar.setValue(bar.value() + near * ROW)
            self._drag_to(self.dragging.spot)
            self.repaint_all()

    def _let_go(self, *, act: bool) -> None:
        self._edge.stop()
        offer = self.dragging.release()
        self.repaint_all()
        if act and offer is not None:
            self.dropped.emit(offer)

    def _tell_current(self) -> None:
        """Paints the marks and tells assistive technology the current item."""
        current = self.current
        self.crew_reached.emit(current.key if current is not None and current.part is Part.CREW else "")
        self.repaint_all()
        self.setAccessibleDescription(self.sentence)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def _see(self, ref: tuple[Part, str] | None) -> None:
        if ref is not None and ref[0] is Part.CREW:
            self.flashes.see(ref[1])

    def _hover(self, item: Item | None) -> None:
        ref = None if item is None or item.part not in CHOSEN else item.ref
        self._see(ref)
        for one in (self._marks.hovered, ref) if ref != self._marks.hovered else ():
            found = None if one is None else self._layout.find(one)
            self.viewport().update(QRect() if found is None else self.rect_of(found))
        if ref != self._marks.hovered:
            self.viewport().setToolTip(plain_tip(self.tip(item)))
        self._marks.hovered = ref

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        spot = event.position().toPoint()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_to(spot)
        else:
            self._hover(self.item_at(spot))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._let_go(act=True)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        item = self.item_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and item is not None and item.part in CHOSEN:
            self.go_to(item)
            self.dragging.press(item, event.position().toPoint())
            if item.part in (Part.LANE, Part.MORE):
                self.press(item)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        item = self.item_at(event.position().toPoint())
        if item is not None and item.part is Part.CASE:
            self.press(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current, plain = self.current, event.modifiers() in (_NONE, Qt.KeyboardModifier.KeypadModifier)
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        moves = control and event.key() in MOVES
        if event.key() == Qt.Key.Key_Escape and self.dragging.is_on:
            self._let_go(act=False)
        elif moves and current is not None and current.part is Part.CASE:
            self.moved.emit(current.key, MOVES[Qt.Key(event.key())])
        elif control and event.key() in FOLDS:
            self.fold_all(FOLDS[Qt.Key(event.key())])
        elif control and event.key() in PRESSES and current is not None:
            self._ask_window(current)
        elif plain and event.key() in STEPS:
            self.step(STEPS[Qt.Key(event.key())])
        elif plain and event.key() in PRESSES and current is not None:
            self.press(current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._marks.has_focus = True
        self.repaint_all()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._marks.has_focus = False
        self.repaint_all()
        super().focusOutEvent(event)


_NONE = Qt.KeyboardModifier.NoModifier
