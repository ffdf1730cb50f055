"""The board as the user acts on it: the chosen card, by keys and by the pointer, and where a body is let go."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from ui.kit.labels.label import Retranslated
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import say
from ui.leads.columns import Column
from ui.leads.ground import Ground
from ui.leads.offers import Offers
from ui.leads.steps import step
from ui.leads.targets import Target, paint_target, target_on
from ui.leads.wording import Wording

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
EDGE, PACE = 40, 24  # pixels: at the upper or lower edge a column scrolls by so many while a body is dragged there


class BoardView(Retranslated, Ground):
    """Shows columns; `chosen` carries the id of the case at which the user is, `opened` one to be opened."""

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, wording: Wording, offers: Offers, parent: QWidget | None = None) -> None:
        super().__init__(wording, parent)
        self._wording, self._offers = wording, offers
        self._marks = self.painter.marks
        self._targets: tuple[Target, ...] = ()
        self._pulled: tuple[int, ...] = ()  # the column whose bar the pointer holds
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ring", False)  # the chosen card shows where the keyboard is
        self.viewport().setMouseTracking(True)
        self.retell()

    @property
    def current(self) -> str:
        """The id of the chosen case; "" for none."""
        return self._marks.case

    @property
    def target(self) -> Target | None:
        """Where a body would be let go now."""
        return self._targets[0] if self._targets else None

    @property
    def sentence(self) -> str:
        """The chosen card in a sentence; "" for none, or one that is not shown."""
        case = self._wording.case(self.current) if self.current in self.layout_now.places else None
        return "" if case is None else self._wording.sentence(case)

    def show_columns(self, columns: tuple[Column, ...], tab: str, touched: frozenset[str] | None = None) -> None:
        """Shows `columns` as the ground does; a chosen card that goes to another column stays in sight."""
        was = self.layout_now.places.get(self.current)
        super().show_columns(columns, tab, touched)
        now = self.layout_now.places.get(self.current)
        if was is not None and now is not None and now[0] != was[0]:
            self.reveal(self.current)

    def choose_case(self, case: str | None) -> None:
        """Marks `case` as the chosen one and goes to it if it is shown; emits nothing."""
        self._marks.case = case or ""
        self.reveal(self._marks.case)
        self._tell_current()

    def go_to(self, card: str) -> None:
        """Moves to a card, whose case becomes the chosen one."""
        is_other = card != self._marks.case
        self.choose_case(card)
        if is_other:
            self.chosen.emit(card)

    def drag_over(self, spot: QPoint, body: str) -> Target | None:
        """Shows where `body` would be let go at a point of the viewport; returns it, None off the cards."""
        card = self.card_at(spot) if self.viewport().rect().contains(spot) else ""
        case = self._wording.case(card) if card else None
        rect = self.rect_of_card(card)
        found = () if case is None else (target_on(self._offers, case, body, spot.y() - rect.top()),)
        for one in (*self._targets, *found) if found != self._targets else ():
            self.viewport().update(self.rect_of_card(one.card))
        self._targets = found
        return self.target

    def end_drag(self) -> None:
        """Shows no more where a body would be let go."""
        for one in self._targets:
            self.viewport().update(self.rect_of_card(one.card))
        self._targets = ()

    def scroll_at(self, spot: QPoint) -> None:
        """Scrolls the column under a point at its upper or lower edge."""
        at, y = self.layout_now.strip_at(spot.x() + self.left), spot.y()
        if at is None or not self.viewport().rect().contains(spot):
            return
        top = self.viewport().height() - self._room
        near = -1 if y < top + EDGE else 1 if y > self.viewport().height() - EDGE else 0
        self.scroll_column(at, near * PACE)

    def retell(self) -> None:
        self.setAccessibleName(say("主协办看板"))
        self.repaint_all()

    def paint_above(self, painter: QPainter) -> None:
        for target in self._targets:
            place = self.layout_now.places.get(target.card)
            if place is not None:
                painter.setClipRect(self._body(place[0]))
                paint_target(painter, self.rect_of_card(target.card), target)

    def _tell_current(self) -> None:
        """Paints the marks and tells assistive technology the chosen card."""
        self.repaint_all()
        self.setAccessibleDescription(self.sentence)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def _hover(self, card: str) -> None:
        if card == self._marks.hovered:
            return
        before, self._marks.hovered = self._marks.hovered, card
        for one in (before, card):
            self.viewport().update(self.rect_of_card(one) if one else QRect())
        case = self._wording.case(card) if card else None
        told = "" if case is None else f"{self._wording.sentence(case)}\n{say('↵ 到调度台')}"
        self.viewport().setToolTip(plain_tip(told))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        spot = event.position().toPoint()
        for at in self._pulled:
            self.pull_bar(at, spot.y())
        self._hover("" if self._pulled else self.card_at(spot))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pulled = ()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot, is_left = event.position().toPoint(), event.button() == Qt.MouseButton.LeftButton
        bar, card = self.bar_at(spot), self.card_at(spot)
        if is_left and bar is not None:
            self._pulled = (bar,)
            self.pull_bar(bar, spot.y())
        elif is_left and card:
            self.go_to(card)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        card = self.card_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and card:
            self.opened.emit(card)

    def leaveEvent(self, event: object) -> None:
        self._hover("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, is_plain = event.key(), event.modifiers() in (Qt.KeyboardModifier.NoModifier, _KEYPAD)
        if is_plain and key in STEPS:
            here = self.current if self.current in self.layout_now.places else None
            card = step(self.layout_now, here, STEPS[Qt.Key(key)], self.offsets)
            if card is not None:
                self.go_to(card)
        elif is_plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current:
            self.opened.emit(self.current)
        else:
            event.ignore()  # the room leaves at Esc

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._focus(True)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._focus(False)
        super().focusOutEvent(event)

    def _focus(self, has_focus: bool) -> None:
        self._marks.has_focus = has_focus
        self.repaint_all()


_KEYPAD = Qt.KeyboardModifier.KeypadModifier
