"""The shares of the three tiers as one bar in three greys, under its title, each with its name and percentage."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from commandcenter.domain.cases import Tier
from ui.charts.hours import HourCounts
from ui.kit.texts.numbers import rate
from ui.kit.texts.words import say, word
from ui.theme import colour, paint
from ui.theme.tokens import MEASURES

SHADES = {"grid": "tx2", "street": "tx3", "district": "ln3"}  # by 3 : 1 on the ground; no colour of the hours above
BAR, GAP = 8, 2
HEIGHT = 34


class ShareBar(QWidget):
    """Grid, street, district; the names stand above the bar in the order of the tiers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._day: HourCounts | None = None
        self.setFixedHeight(HEIGHT)

    def show_day(self, day: HourCounts) -> None:
        """Shows the shares of `day`."""
        self._day = day
        self.setAccessibleName(f"{say('按层级')}：" + "，".join(self.said()))
        self.update()

    def said(self) -> list[str]:
        """Returns the name and percentage of each tier."""
        if self._day is None:
            return []
        return [f"{word('tier', tier)} {rate(self._day.share(tier))}" for tier in Tier]

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._day is None:
            return
        painter = QPainter(self)
        bar, title = 0.0, say("按层级")
        left = paint.text_width(title, MEASURES.label) + 20.0
        paint.words(painter, QRectF(0, 0, left, 20), title, token="tx3", size=MEASURES.label)
        for tier, words in zip(Tier, self.said(), strict=True):
            wide = self.width() * (self._day.share(tier) or 0.0)
            painter.fillRect(QRectF(bar, HEIGHT - BAR, max(wide - GAP, 0.0), BAR), colour(SHADES[tier]))
            bar += wide
            painter.fillRect(QRectF(left, 6, 8, 8), colour(SHADES[tier]))
            paint.words(painter, QRectF(left + 14, 0, 220, 20), words, token="tx2", size=MEASURES.label)
            left += paint.text_width(words, MEASURES.label) + 34
