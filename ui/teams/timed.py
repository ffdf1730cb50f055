"""What rows of cases and of crews have in common: the time, painted alone each second, and an own act under way."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPainter

from commandcenter.store.board import Board
from commandcenter.store.overlay import Delivery
from ui.kit.case_parts.deliveries import glyph_of
from ui.kit.tables.row_paint import RIGHT, secondary_token
from ui.teams.duty import UNTOLD, Stands
from ui.theme import MEASURES, paint

PAD = MEASURES.dock_padding
EDGE = 10  # pixels between a time and the right edge
Shape = tuple[str, int, str, Stands]


@dataclass(frozen=True, slots=True)
class Timed:
    """The time in a row: what is said in which tone, from which pixel to which, and the words beside it.

    `duty` is how a crew stands to its roster.
    """

    said: str
    token: str
    left: int
    right: int
    light: str
    beside: str = ""
    duty: Stands = UNTOLD

    @property
    def shape(self) -> Shape:
        """What has to stay the same for the rest of the row to stay as it is."""
        return self.light, self.left, self.beside, self.duty

    def cell(self, rect: QRect) -> QRect:
        """Returns the time's part of the row in `rect`, without the ring and the separator."""
        return QRect(self.left, rect.top() + 2, self.right - self.left + 1, rect.height() - 4)

    def paint(self, painter: QPainter, rect: QRect, on: str) -> None:
        """Paints the time in the row in `rect`, whose ground is `on`."""
        token = secondary_token(on) if self.token == "tx3" else self.token
        cell = QRect(self.left, rect.top(), self.right - self.left + 1, rect.height())
        paint.words(painter, cell, self.said, token=token, align=RIGHT)


def paint_delivery(painter: QPainter, spot: QPointF, board: Board, kind: str, key: str) -> bool:
    """Paints the delivery state of the user's own act on a record while it is under way; returns whether it is."""
    delivery = board.delivery(kind, key)
    if delivery is not Delivery.DONE:
        paint.glyph(painter, spot, glyph_of(delivery), size=11)
    return delivery is not Delivery.DONE
