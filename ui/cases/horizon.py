"""The deadline horizon above the queue's rows: the next four working hours with a tick for each case due in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.cases import horizon_paint
from ui.cases.horizon_sight import LEFT, sight
from ui.cases.horizon_ticks import Due, Tick
from ui.cases.horizon_tip import HorizonTip
from ui.cases.horizon_words import MOST, HorizonWords
from ui.kit.labels.label import Retranslated
from ui.kit.texts import names
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import say
from ui.theme import filled

if TYPE_CHECKING:
    from commandcenter.domain.cases import Case
    from commandcenter.store.board import Board
    from ui.cases.texts import Texts
    from ui.kit.case_parts.clock import SecondClock
    from ui.kit.tables.columns import Array

DRAG = 4  # pixels from which on a press is a drag
MINUTE = 60
NO_SPAN = (0.0, 0.0)
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Horizon(Retranslated, QWidget):
    """Shows when the cases given to `take` fall due, without those reported in time.

    It is repainted only when something in it moved by a pixel.

    A click or Enter on a tick emits `chosen(case id)`, at the next one its next case; a drag, or the arrows with Shift,
    emits `span_chosen((from, before))` in seconds since 1970, Backspace or Delete None.
    """

    chosen = Signal(str)
    span_chosen = Signal(object)

    def __init__(self, board: Board, clock: SecondClock, texts: Texts) -> None:
        super().__init__()
        self._board, self._clock, self._texts = board, clock, texts
        self._words = HorizonWords(board, clock)
        self._is_known = True  # whether there can be cases
        self._due = Due.none()
        self._seen = sight(board.cases, self._due, clock.seconds(), self.width())
        self._span = NO_SPAN
        self._case = ""  # the selected case
        # the slots of the cases at whose ticks are: the cursor, the other end of its span, what is told; -1 for none
        self._at, self._anchor, self._told = -1, -1, -1
        self._pressed, self._dragged = -1.0, -1.0  # pixels, -1 for none
        self._tip = HorizonTip(self)
        filled(self, surface="bg1")
        self.setFixedHeight(horizon_paint.HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.retell()

    def take(self, mask: Array, *, is_known: bool = True) -> None:
        """Shows the cases of `mask` (bool[slots]); unless `is_known` no axis, on which nothing would be due."""
        self._due = Due.of(self._board.cases, mask, self._clock.seconds())
        self.turn()
        if is_known is not self._is_known:
            self._is_known = is_known
            self.retell()

    def turn(self) -> None:
        """Shows the current second of the clock."""
        fresh = sight(self._board.cases, self._due, self._clock.seconds(), self.width())
        if fresh != self._seen:
            self._seen = fresh
            self.retell()
            if self._told >= 0:
                self._point(self._tick(self._told))

    def show_chosen(self, case: str) -> None:
        """Marks the tick of the selected case, "" for none."""
        self._case = case
        self.update()

    def show_span(self, span: tuple[float, float] | None) -> None:
        """Marks the span to which the queue is narrowed."""
        self._span = span or NO_SPAN
        self.update()

    def retell(self) -> None:
        said = say("到期时间轴：超期 {late} 件，四个工时内到期 {soon} 件，之后 {later} 件", **self._seen.told)
        self.setAccessibleName(said if self._is_known else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, horizon_paint.HEIGHT)

    def _tick(self, slot: int) -> Tick | None:
        """Returns the tick of the case in `slot`; None for none."""
        order = self._due.order(slot)
        return self._seen.stop_of(order) if order >= 0 else None

    def _point(self, tick: Tick | None) -> None:
        """Says what a tick stands for; None: nothing."""
        self._told = -1 if tick is None else self._slot(tick)
        if tick is None:
            self._tip.hide()
            return
        said = self._words.cases(self._cases(tick, MOST), tick.count)
        self.setAccessibleDescription(said)
        self._tip.tell(said, LEFT + tick.x)

    def _slot(self, tick: Tick) -> int:
        return int(self._due.slots[tick.first])

    def _cases(self, tick: Tick, most: int) -> list[Case]:
        slots = self._due.slots[tick.first : min(tick.last, tick.first + most)]
        return [case for slot in slots if (case := self._texts.case(int(slot))) is not None]

    def _choose(self, tick: Tick) -> None:
        """Selects the first case of a tick, the next one if one of them is selected."""
        keys = [case.id for case in self._cases(tick, tick.count)]
        if keys:
            self.chosen.emit(keys[(keys.index(self._case) + 1) % len(keys)] if self._case in keys else keys[0])

    def _choose_span(self, left: float, right: float) -> None:
        """Narrows to what is due between two pixels of the axis, to the full minutes around."""
        since, until = self._minutes(left, right)
        self.span_chosen.emit((since, until))

    def _minutes(self, left: float, right: float) -> tuple[float, float]:
        since, until = (self._seen.axis.moment(place) for place in sorted((left, right)))
        return since // MINUTE * MINUTE, (until // MINUTE + 1) * MINUTE

    def _step(self, by: int, *, spans: bool) -> None:
        """Moves the cursor by a tick; with `spans` it narrows to what lies between it and where the span began."""
        stops = self._seen.stops
        if not stops:
            return
        here = self._tick(self._at)
        at = (0 if by > 0 else len(stops) - 1) if here is None else stops.index(here) + by
        tick = stops[min(max(at, 0), len(stops) - 1)]
        anchor = self._tick(self._anchor) or here or tick
        self._at, self._anchor = self._slot(tick), self._slot(anchor) if spans else -1
        if spans:
            self._narrow(min(anchor.first, tick.first), max(anchor.last, tick.last) - 1)
        self._point(tick)
        self.update()

    def _narrow(self, first: int, last: int) -> None:
        """Narrows to what is due from the `first` to the `last` of the due ones, to the full minutes around."""
        since, until = self._due.due[[first, last]]
        self.span_chosen.emit((float(since // MINUTE * MINUTE), float((until // MINUTE + 1) * MINUTE)))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_known:
            return
        painter = QPainter(self)
        seen, axis, width = self._seen, self._seen.axis, self.width()
        dragged = self._minutes(self._pressed, self._dragged) if self._dragged >= 0 else None
        left, right = axis.places(np.array(dragged or self._span)).tolist()
        if left < right:
            horizon_paint.span(painter, left, right)
        horizon_paint.ground(painter, axis, seen.ticks, width)
        horizon_paint.marks(painter, axis.marks(names.zone(self._board)), seen.ticks, width)
        for tick in seen.ticks:
            on = "acb" if left <= tick.x and tick.right <= right else "bg1"
            horizon_paint.shape(painter, tick, on=on, ring=self._ring(tick))
        horizon_paint.ends(painter, seen, width, cursor=self._tick(self._at) if self.hasFocus() else None)
        painter.end()

    def _ring(self, tick: Tick) -> str:
        slot = self._board.cases.slot(self._case)
        if slot is not None and slot in self._due.slots[tick.first : tick.last]:
            return "chosen"
        return "cursor" if self.hasFocus() and tick == self._tick(self._at) else ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        spans = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        key, here = event.key(), self._tick(self._at)
        if key in _STEPS:
            self._step(_STEPS[Qt.Key(key)], spans=spans)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._at = -1
            self._step(1 if key == Qt.Key.Key_Home else -1, spans=False)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and here is not None:
            self._choose(here)
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and self._span != NO_SPAN:
            self.span_chosen.emit(None)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._along(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._along(event.position())
        if self._pressed < 0:
            under = self._seen.stop_at(event.position().x())
            self.setCursor(Qt.CursorShape.PointingHandCursor if under else Qt.CursorShape.ArrowCursor)
            self.setToolTip(plain_tip(say("拖出一段，只列这段时间到期的案件") if under is None else ""))
            self._point(under)
        elif self._dragged >= 0 or abs(at - self._pressed) >= DRAG:
            self._dragged = at
            since, until = self._minutes(self._pressed, at)
            first, last = np.searchsorted(self._due.due, (since, until), "left")
            self._tip.tell(self._words.span(since, until, int(last - first)), LEFT + (self._pressed + at) / 2)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, dragged = self._pressed, self._dragged
        self._pressed = self._dragged = -1.0
        tick = self._seen.stop_at(event.position().x())
        if dragged >= 0:
            self._point(None)
            self._choose_span(pressed, dragged)
        elif pressed >= 0 and tick is not None:
            self._choose(tick)
        self.update()

    def _along(self, at: QPointF) -> float:
        """Returns the pixel of the axis nearest to a point of the strip."""
        corners = self._seen.axis.places(np.array([self._seen.axis.start, self._seen.axis.end]))
        return float(np.clip(at.x() - LEFT, corners[0], corners[1]))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(None)

    def focusOutEvent(self, event: QEvent) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self._point(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.turn()
