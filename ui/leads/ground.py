"""The ground of the board: one painted viewport whose columns scroll each by itself below heads that stay."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from ui.kit.texts.words import say
from ui.leads.columns import Column
from ui.leads.layout import BAR, HEAD, PAD, Layout, Slot, laid_out
from ui.leads.painting import BoardPainter
from ui.leads.wording import Wording
from ui.theme import MEASURES, changed, colour, paint

WHEEL = 72  # pixels for one notch
NOTCH = 120  # eighths of a degree
LEAST_BAR = 24  # height
REST = 24  # height of the line that says how many cards are farther down


class Ground(QAbstractScrollArea):
    """Shows columns of cards, `offsets` pixels scrolled down each."""

    def __init__(self, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.painter = BoardPainter(wording)
        self.offsets: list[int] = []
        self._layout = Layout((), {})
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        changed.connect(self.repaint_all)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns as shown."""
        return self.painter.columns

    @property
    def layout_now(self) -> Layout:
        """Where everything stands."""
        return self._layout

    def show_columns(self, columns: tuple[Column, ...], tab: str, touched: frozenset[str] | None = None) -> None:
        """Shows `columns`; only the cards `touched` are painted again where all others stay (None: everything)."""
        before, was = self._layout, self.painter.tab
        if [one.id for one in columns] != [one.id for one in self.columns]:
            self.offsets = [0] * len(columns)
        self.painter.show(columns, tab)
        self._lay_out()
        if touched is None or self._layout != before or tab != was:
            self.painter.forget()
            self.repaint_all()
            return
        region = QRegion(0, 0, self.viewport().width(), HEAD)
        for at, slot in self._visible():
            if slot.card.id in touched:
                region += self._body(at).intersected(self.rect_of(at, slot))
        self.viewport().update(region)

    def turn(self) -> None:
        """Paints again the times in view."""
        region = QRegion()
        for at, slot in self._visible():
            region += self.painter.time_region(self.rect_of(at, slot), slot).intersected(self._body(at))
        self.viewport().update(region + QRegion(0, 0, self.viewport().width(), HEAD))

    def card_at(self, spot: QPoint) -> str:
        """Returns the id of the card at a point of the viewport; "" between them."""
        at = self._layout.strip_at(spot.x() + self.left)
        if at is None or spot.y() < HEAD:
            return ""
        strip, x = self._layout.strips[at], spot.x() + self.left
        slot = strip.at(spot.y() - HEAD + self.offsets[at])
        return slot.card.id if slot is not None and PAD <= x - strip.left < strip.width - PAD else ""

    def rect_of(self, at: int, slot: Slot) -> QRect:
        """Returns the rectangle of a card of the column `at` in the viewport."""
        strip = self._layout.strips[at]
        top = HEAD + slot.top - self.offsets[at]
        return QRect(strip.left - self.left + PAD, top, strip.width - 2 * PAD, slot.height)

    def rect_of_card(self, card: str) -> QRect:
        """Returns the rectangle of a card in the viewport; an empty one when it is not shown."""
        place = self._layout.places.get(card)
        return QRect() if place is None else self.rect_of(place[0], self._layout.strips[place[0]].slots[place[1]])

    def scroll_column(self, at: int, by: int) -> None:
        """Scrolls one column by so many pixels, as far as it has cards."""
        most = max(0, self._layout.strips[at].height - self._room)
        offset = min(max(self.offsets[at] + by, 0), most)
        if offset != self.offsets[at]:
            self.offsets[at] = offset
            self.viewport().update(self._body(at))

    def bar_at(self, spot: QPoint) -> int | None:
        """Returns the number of the column at whose bar a point of the viewport is; None elsewhere."""
        at = self._layout.strip_at(spot.x() + self.left)
        if at is None or spot.y() < HEAD or self._layout.strips[at].height <= self._room:
            return None
        strip = self._layout.strips[at]
        return at if spot.x() + self.left >= strip.left + strip.width - BAR else None

    def pull_bar(self, at: int, y: int) -> None:
        """Scrolls a column so that the middle of its bar is at a height of the viewport."""
        strip, high = self._layout.strips[at], self._bar_height(at)
        share = (y - HEAD - high / 2) / max(1, self._room - high)
        self.scroll_column(at, round(share * (strip.height - self._room)) - self.offsets[at])

    def reveal(self, card: str) -> None:
        """Scrolls to a card if it is out of view, or under the line that counts the cards below."""
        place = self._layout.places.get(card)
        if place is None:
            return
        strip = self._layout.strips[place[0]]
        slot, offset = strip.slots[place[1]], self.offsets[place[0]]
        rest = 0 if slot is strip.slots[-1] else REST
        above, below = slot.top - PAD - offset, slot.bottom + PAD - offset - self._room + rest
        self.scroll_column(place[0], above if above < 0 or slot.height > self._room else max(0, below))
        self._reveal_strip(strip.left, strip.width)

    @property
    def left(self) -> int:
        """The first pixel of the ground in view."""
        return self.horizontalScrollBar().value()

    def repaint_all(self, _theme: str = "") -> None:
        """Paints everything again."""
        self.viewport().update()

    def paint_above(self, painter: QPainter) -> None:
        """Paints what lies over the cards."""

    @property
    def _room(self) -> int:
        return max(1, self.viewport().height() - HEAD)

    def _reveal_strip(self, left: int, width: int) -> None:
        bar, wide = self.horizontalScrollBar(), self.viewport().width()
        bar.setValue(min(max(bar.value(), left + width - wide), left))

    def _body(self, at: int) -> QRect:
        """Returns the part of the viewport in which a column shows its cards."""
        strip = self._layout.strips[at]
        return QRect(strip.left - self.left, HEAD, strip.width, self._room)

    def _visible(self) -> list[tuple[int, Slot]]:
        strips = enumerate(self._layout.strips)
        return [
            (at, slot)
            for at, strip in strips
            if strip.left < self.left + self.viewport().width() and strip.left + strip.width > self.left
            for slot in strip.within(self.offsets[at], self.offsets[at] + self._room)
        ]

    def _lay_out(self) -> None:
        size = self.viewport().size()
        self._layout = laid_out(self.columns, size.width())
        bar = self.horizontalScrollBar()
        bar.setPageStep(size.width())
        bar.setRange(0, max(0, self._layout.width - size.width()))
        for at in range(len(self.offsets)):
            self.scroll_column(at, 0)

    def _paint_column(self, painter: QPainter, at: int, region: QRegion) -> None:
        strip, body = self._layout.strips[at], self._body(at)
        more = self._more(at, body)
        foot = QRect(body.left(), body.bottom() - REST + 1, body.width(), REST if more else 0)
        painter.save()
        painter.setClipRegion(region.intersected(body).subtracted(foot))
        for slot in strip.within(self.offsets[at], self.offsets[at] + self._room):
            rect = self.rect_of(at, slot)
            if region.intersects(rect):
                self.painter.card(painter, rect, slot, region)
        painter.setClipRegion(region.intersected(body))
        self._paint_bar(painter, at, body)
        if more:
            said, centred = say("下面还有 {n} 件", n=f"{more:,}"), Qt.AlignmentFlag.AlignHCenter
            paint.words(painter, foot, said, token="tx3", size=MEASURES.label, align=centred)
        painter.restore()
        if region.intersects(head := QRect(body.left(), 0, body.width(), HEAD)):
            self.painter.head(painter, head, at)
        if at:
            paint.hairline(painter, body.left(), 0, body.left(), self.viewport().height(), token="ln2")

    def _more(self, at: int, body: QRect) -> int:
        """Returns how many cards of a column are farther down than its body."""
        strip, offset = self._layout.strips[at], self.offsets[at]
        if strip.height <= body.height():
            return 0
        return sum(slot.top + slot.height // 2 >= offset + body.height() - REST for slot in strip.slots)

    def _paint_bar(self, painter: QPainter, at: int, body: QRect) -> None:
        """Paints how far the column has scrolled."""
        strip, offset = self._layout.strips[at], self.offsets[at]
        if strip.height <= body.height():
            return
        high = self._bar_height(at)
        top = body.top() + (body.height() - high) * offset // (strip.height - body.height())
        painter.fillRect(QRect(body.right() - BAR // 2 - 1, top, 4, high), colour("ln3"))

    def _bar_height(self, at: int) -> int:
        return max(LEAST_BAR, self._room * self._room // self._layout.strips[at].height)

    def sizeHint(self) -> QSize:
        return QSize(1200, 800)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, region = QPainter(self.viewport()), event.region()
        painter.fillRect(region.boundingRect(), colour("bg0"))
        for at in range(len(self._layout.strips)):
            body = self._body(at)
            if region.intersects(QRect(body.left(), 0, body.width(), self.viewport().height())):
                self._paint_column(painter, at, region)
        self.paint_above(painter)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        at = self._layout.strip_at(event.position().toPoint().x() + self.left)
        turned = event.pixelDelta().y() or event.angleDelta().y() * WHEEL // NOTCH
        if at is None or event.modifiers() & Qt.KeyboardModifier.ShiftModifier or not turned:
            super().wheelEvent(event)
        else:
            self.scroll_column(at, -turned)
            event.accept()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()
        super().resizeEvent(event)
