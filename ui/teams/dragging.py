"""Dragging a case or a crew over the lanes: the target says in words what will happen, a ghost follows the pointer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QRegion
from PySide6.QtWidgets import QApplication

from commandcenter.domain.cases import Case
from commandcenter.domain.teams import Crew
from ui.kit import records
from ui.kit.command_line.saying import SameLine
from ui.kit.texts import names
from ui.kit.texts.crews import crew_name
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import say
from ui.teams.layout import Item, Part
from ui.teams.offers import Offer
from ui.teams.targets import Target
from ui.teams.words import Wording
from ui.theme import MEASURES, colour, paint

GHOST_WIDTH, LINE, OFFSET = 320, 22, QPoint(14, 26)  # pixels; the target under the pointer stays in sight
MOVABLE = (Part.CASE, Part.CREW)
Find = Callable[[Item, QPoint], Target | None]


@dataclass(slots=True)
class Held:
    """What the pointer holds, from where, whether it has moved far enough to be dragged, and over what it is."""

    item: Item
    start: QPoint
    spot: QPoint
    is_dragged: bool = False
    target: Target | None = None


class Dragging:
    """Follows one pointer; `find` returns the target of an item at a point of the viewport."""

    def __init__(self, wording: Wording, find: Find) -> None:
        self._wording, self._find = wording, find
        self._held: tuple[Held, ...] = ()
        self._line = SameLine(wording.board)

    @property
    def is_on(self) -> bool:
        """Whether something is being dragged."""
        return any(held.is_dragged for held in self._held)

    @property
    def spot(self) -> QPoint:
        """Where the pointer is, in the viewport."""
        return self._held[0].spot if self._held else QPoint()

    @property
    def offer(self) -> Offer | None:
        """What letting go would do now; None where nothing could be done."""
        target = self._held[0].target if self._held else None
        return None if target is None else target.offer

    def press(self, item: Item, spot: QPoint) -> None:
        """Takes hold of an item that can be moved."""
        if item.part in MOVABLE:
            self._held = (Held(item, spot, spot),)

    def move(self, spot: QPoint, size: QSize, top: int) -> QRegion:
        """Moves what is held; returns what has to be painted again of a viewport of `size`, `top` pixels down."""
        if not self._held:
            return QRegion()
        held = self._held[0]
        before = self._region(held, size, top)
        held.spot = spot
        held.is_dragged |= (spot - held.start).manhattanLength() >= QApplication.startDragDistance()
        if held.is_dragged:
            held.target = self._find(held.item, spot)
        return before.united(self._region(held, size, top))

    def release(self) -> Offer | None:
        """Lets go; returns what is to be done."""
        offer = self.offer if self.is_on else None
        self._held = ()
        return offer

    def paint(self, painter: QPainter, size: QSize, top: int) -> None:
        """Paints the target and the ghost over a viewport of `size` that shows the ground from `top`."""
        if not self.is_on:
            return
        held = self._held[0]
        if held.target is not None:
            self._paint_target(painter, held.target, top)
        self._paint_ghost(painter, held, _ghost_rect(held.spot, size))

    def _region(self, held: Held, size: QSize, top: int) -> QRegion:
        if not held.is_dragged:
            return QRegion()
        region = QRegion(_ghost_rect(held.spot, size))
        if held.target is not None:
            for rect in (held.target.rect, *(rect for rect, _ in held.target.units)):
                region += rect.translated(0, -top).adjusted(-1, -1, 1, 1)
        return region

    def _paint_target(self, painter: QPainter, target: Target, top: int) -> None:
        for rect, unit in target.units:
            row = rect.translated(0, -top)
            painter.fillRect(row, colour("bg3"))
            paint.hairline(painter, row.left(), row.bottom(), row.right() + 1, row.bottom(), token="ln2")
            name = names.short_name(self._wording.board, "holder", unit)
            paint.words(painter, row.adjusted(12, 0, -8, 0), name, token="tx1")
        rect = target.rect.translated(0, -top).adjusted(0, 0, -2, -1)
        may = target.offer.may
        painter.fillRect(rect, colour("acb" if may else "badb"))
        painter.setPen(QPen(colour("ac" if may else "bad"), 1, Qt.PenStyle.DashLine))
        painter.drawRect(rect)
        told, box = str(target.offer.told), rect.adjusted(12, 0, -8, 0)
        paint.words(painter, box, told, token="ac" if may else "bad", size=MEASURES.label)

    def _paint_ghost(self, painter: QPainter, held: Held, rect: QRect) -> None:
        painter.setPen(QPen(colour("ln3"), 1))
        painter.setBrush(colour("bg3"))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), MEASURES.radius, MEASURES.radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        lines = [rect.adjusted(12, 4 + at * LINE, -12, 0) for at in range(3)]
        for line in lines:
            line.setHeight(LINE)
        self._paint_held(painter, held.item, lines[0])
        offer = None if held.target is None else held.target.offer
        said = (
            say("放到单位、案件或队组上，Esc 放弃") if offer is None else str(offer.words if offer.may else offer.why)
        )
        tone = "tx3" if offer is None else "ac" if offer.may else "bad"
        paint.words(painter, lines[1], said, token=tone, size=MEASURES.label)
        if offer is not None and offer.may:
            typed = self._line.of(offer.first)
            under = str(offer.doubt) or (say("命令：{line}", line=typed) if typed else "")
            paint.words(painter, lines[2], under, token="warn" if str(offer.doubt) else "tx3", size=MEASURES.label)

    def _paint_held(self, painter: QPainter, item: Item, line: QRect) -> None:
        board = self._wording.board
        case, crew = records.find(board, Case, item.key), records.find(board, Crew, item.key)
        centre = QPointF(line.left() + 6, line.center().y() + 0.5)
        if item.part is Part.CASE and case is not None:
            paint.glyph(painter, centre, f"light.{self._wording.clock.standing(case).light}")
            said = f"{tail(case)} {names.title(board, case)}"
        elif crew is not None:
            paint.glyph(painter, centre, f"crew.{crew.status}")
            said = crew_name(board, crew)
        else:
            return
        paint.words(painter, line.adjusted(20, 0, 0, 0), said, bold=True)


def _ghost_rect(spot: QPoint, size: QSize) -> QRect:
    """Returns where the ghost stands: below the pointer, or above it where there is no room."""
    rect = QRect(spot + OFFSET, QSize(GHOST_WIDTH, 3 * LINE + 8))
    if rect.right() > size.width():
        rect.moveRight(spot.x() - OFFSET.x())
    if rect.bottom() > size.height():
        rect.moveBottom(spot.y() - OFFSET.y())
    return rect
