"""Dragging a body from the side on to a card: a ghost beside the card says in words what letting go will do."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from commandcenter.store.board import Board
from ui.kit.command_line.saying import SameLine
from ui.kit.texts.words import say
from ui.leads.offers import Offer
from ui.leads.view import BoardView
from ui.theme import MEASURES, colour, paint

SIZE, LINE, OFFSET, BESIDE = QSize(300, 76), 22, QPoint(14, 26), 10  # pixels
PAUSE = 40  # milliseconds between two steps of scrolling


class Ghost(QWidget):
    """What the pointer holds, and what letting go will do; it covers neither the card under the pointer nor this."""

    def __init__(self, board: Board, parent: QWidget) -> None:
        super().__init__(parent)
        self._line, self._room = SameLine(board), parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(SIZE)
        self.lines: tuple[tuple[str, str], ...] = ()
        self.hide()

    def tell(self, name: str, offer: Offer | None) -> None:
        """Shows the body, and what would be done, or where it can be let go."""
        if offer is None:
            lines = [(say("放到一张案件卡上：上为主办位，下为协办位"), "tx3"), (say("Esc 放弃"), "tx3")]
        elif offer.may:
            lines = [
                (say("松手{what}", what=offer.words), "ac"),
                (say("命令：{line}", line=self._line.of((offer.command,))), "tx3"),
            ]
        else:
            lines = [(str(offer.words), "tx2"), (str(offer.why), "bad")]
        if (told := ((name, "tx1"), *lines)) != self.lines:
            self.lines = told
            self.update()

    def stand(self, spot: QPoint, card: QRect) -> None:
        """Moves to the pointer, beside the `card` under it (both in the parent); an empty one: there is none."""
        room = self._room.rect()
        place = QRect(spot + OFFSET, SIZE)
        if not card.isEmpty():
            place.moveTopLeft(QPoint(card.right() + BESIDE, spot.y() - LINE))
            if place.right() > room.right():
                place.moveRight(card.left() - BESIDE)
        place.moveLeft(min(max(place.left(), 4), room.right() - SIZE.width() - 4))
        place.moveTop(min(max(place.top(), 4), room.bottom() - SIZE.height() - 4))
        self.move(place.topLeft())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(colour("ac"), 1))
        painter.setBrush(colour("bg3"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        for at, (said, token) in enumerate(self.lines):
            box = QRect(12, 5 + at * LINE, self.width() - 24, LINE)
            size = MEASURES.label if at else MEASURES.body
            paint.words(painter, box, said, token=token, size=size, bold=at == 0)
        painter.end()


class Dragging(QObject):
    """Follows one body over the `view`; all points are those of the screen."""

    def __init__(self, board: Board, view: BoardView, room: QWidget) -> None:
        super().__init__(room)
        self._view, self._room = view, room
        self.ghost = Ghost(board, room)
        self._held: tuple[tuple[str, str], ...] = ()
        self._spot = QPoint()
        self._edge = QTimer(self, interval=PAUSE)
        self._edge.timeout.connect(self._scroll)

    @property
    def is_on(self) -> bool:
        """Whether a body is being dragged."""
        return bool(self._held)

    def drag(self, body: str, name: str, spot: QPoint) -> None:
        """Drags the body with this name to a point."""
        if not self.is_on:
            self._edge.start()
        self._held, self._spot = ((body, name),), spot
        self._follow()

    def drop(self) -> Offer | None:
        """Lets go; returns what is to be done, None where nothing can."""
        target = self._view.target if self.is_on else None
        self.cancel()
        return None if target is None else target.offer

    def cancel(self) -> None:
        """Gives up what is dragged."""
        self._held = ()
        self._edge.stop()
        self._view.end_drag()
        self.ghost.hide()

    def _follow(self) -> None:
        body, name = self._held[0]
        ground = self._view.viewport()
        target = self._view.drag_over(ground.mapFromGlobal(self._spot), body)
        card = QRect() if target is None else self._view.rect_of_card(target.card)
        corner = ground.mapTo(self._room, QPoint())
        self.ghost.tell(name, None if target is None else target.offer)
        self.ghost.stand(self._room.mapFromGlobal(self._spot), card.translated(corner) if target else card)
        self.ghost.raise_()
        self.ghost.show()

    def _scroll(self) -> None:
        """Scrolls while a body is held at the edge of a column."""
        self._view.scroll_at(self._view.viewport().mapFromGlobal(self._spot))
        self._follow()
