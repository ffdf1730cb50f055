"""The shares of the three tiers as one bar in two blues and a grey, each with its name and percentage."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from commandcenter.domain.cases import Tier
from ui.charts.hours import HourCounts
from ui.kit.texts.numbers import rate
from ui.kit.texts.words import word
from ui.theme import colour, paint
from ui.theme.tokens import MEASURES

SHADES = {"grid": "acf", "street": "data", "district": "tx3"}  # each stands out from the ground by 3 : 1
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
        self.setAccessibleName("，".join(self.said()))
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
        left = bar = 0.0
        for tier, words in zip(Tier, self.said(), strict=True):
            wide = self.width() * (self._day.share(tier) or 0.0)
            painter.fillRect(QRectF(bar, HEIGHT - BAR, max(wide - GAP, 0.0), BAR), colour(SHADES[tier]))
            bar += wide
            painter.fillRect(QRectF(left, 6, 8, 8), colour(SHADES[tier]))
            paint.words(painter, QRectF(left + 14, 0, 220, 20), words, token="tx2", size=MEASURES.label)
            left += paint.text_width(words, MEASURES.label) + 34
