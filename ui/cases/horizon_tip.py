"""What is said of a tick of the deadline horizon, above it."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QWidget

from ui.kit.labels.label import Label
from ui.kit.layouts import vbox
from ui.theme import filled

GAP = 3  # pixels between it and the strip


class HorizonTip(QFrame):
    """A text above `strip`, or below where it has no room, within its panel; it takes neither pointer nor keyboard."""

    def __init__(self, strip: QWidget) -> None:
        super().__init__(strip)
        self._strip = strip
        self._label = Label(level="label", tone="tx1")
        filled(self, surface="popup")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        vbox(self, self._label, margins=(8, 4, 8, 4))
        self.hide()

    def tell(self, said: str, x: float) -> None:
        """Shows `said` with its middle at pixel `x` of the strip, as far as the strip is wide."""
        panel = self._strip.parentWidget() or self._strip
        if self.parentWidget() is not panel:
            self.setParent(panel)
        self._label.setText(said)
        size = self.sizeHint()
        at = self._strip.mapTo(panel, QPoint(round(x) - size.width() // 2, -size.height() - GAP))
        below = self._strip.mapTo(panel, QPoint(0, self._strip.height() + GAP)).y()
        edge = self._strip.mapTo(panel, QPoint(0, 0)).x()
        left = max(edge, min(at.x(), edge + self._strip.width() - size.width()))
        self.setGeometry(left, at.y() if at.y() >= 0 else below, size.width(), size.height())
        self.show()
        self.raise_()
