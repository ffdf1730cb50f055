"""A bar chart per hour, received in light blue and settled in dark blue beside it; importing it loads pyqtgraph."""

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QWidget

from ui.charts.hours import HourCounts
from ui.kit.layouts import vbox
from ui.theme import colour, font
from ui.theme.tokens import MEASURES

WIDTH = 0.36  # of a bar, in hours
TICKS = 4  # hours between two labels


class HourBars(QWidget):
    """One plot without grid, frame or legend; the axis shows clock hours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = pg.PlotWidget()
        self.plot.setMenuEnabled(False)
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.hideButtons()
        self.plot.setFrameShape(self.plot.Shape.NoFrame)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._received = pg.BarGraphItem(x=[], height=[], width=WIDTH)
        self._settled = pg.BarGraphItem(x=[], height=[], width=WIDTH)
        self.plot.addItem(self._received)
        self.plot.addItem(self._settled)
        vbox(self, self.plot, spacing=-1)
        self.setMinimumHeight(72)
        self.wear()

    def show_day(self, day: HourCounts) -> None:
        """Draws the counts of `day`."""
        hours = list(range(len(day.received)))
        for bars, side, counts in ((self._received, -0.5, day.received), (self._settled, 0.5, day.settled)):
            bars.setOpts(x=[hour + side * WIDTH for hour in hours], height=list(counts), width=WIDTH)
        labels = [(n, f"{start:%H}") for n, start in enumerate(day.starts) if start.hour % TICKS == 0]
        self.plot.getAxis("bottom").setTicks([labels])
        self.plot.setXRange(-0.5, len(hours) - 0.5, padding=0)
        self.plot.setYRange(0, max((*day.received, *day.settled, 1)) * 1.2, padding=0)
        self.setAccessibleName(" ".join(map(str, day.received)))

    def wear(self) -> None:
        """Applies the theme's colours."""
        self.plot.setBackground(colour("bg1"))
        none = QPen(Qt.PenStyle.NoPen)
        self._received.setOpts(brush=colour("data"), pen=none)
        self._settled.setOpts(brush=colour("acf"), pen=none)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(colour("ln2")))
            axis.setTextPen(pg.mkPen(colour("tx3")))
            axis.setTickFont(font(MEASURES.note))
            axis.setStyle(tickLength=0, tickTextOffset=4)
        self.plot.getAxis("left").setWidth(30)
