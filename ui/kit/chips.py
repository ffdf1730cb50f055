"""Small carriers of state: chips, glyphs, the bar of a limit, filters."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.kit.label import Retold
from ui.kit.tips import plain_tip
from ui.kit.words import Words, phrase, term
from ui.theme import icon, mark, paint
from ui.theme.paint import CHIP_HEIGHT, chip_width


class Chip(Retold, QWidget):
    """A word in a tinted box. ``kind`` plain|stage|filter|ok|warn|bad|vio, ``shape`` a glyph name or empty."""

    def __init__(
        self, text: Words = "", *, kind: str = "plain", shape: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words, self._kind, self._shape = text, kind, shape
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.retell()

    def set_words(self, text: Words, *, kind: str | None = None, shape: str | None = None) -> None:
        """Show another word, kind or glyph."""
        self._words = text
        self._kind = self._kind if kind is None else kind
        self._shape = self._shape if shape is None else shape
        self.retell()

    def retell(self) -> None:
        self.setAccessibleName(str(self._words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(chip_width(str(self._words), mark=self._shape), CHIP_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.chip(painter, 0, self.height() / 2, str(self._words), kind=self._kind, mark=self._shape)
        painter.end()


class Glyph(Retold, QWidget):
    """One shape ("light.soon", "crew.en_route", "delivery.kept" …) that is spoken and explained by its word."""

    def __init__(self, name: str = "light.none", *, size: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._size = name, size
        self.setFixedSize(size + 2, size + 2)
        self.retell()

    def set_name(self, name: str) -> None:
        """Show another shape."""
        if name != self._name:
            self._name = name
            self.retell()
            self.update()

    def retell(self) -> None:
        said = str(term(*self._name.split(".", 1)))
        self.setAccessibleName(said)
        self.setToolTip(plain_tip(said))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.glyph(painter, QPointF(self.width() / 2, self.height() / 2), self._name, size=self._size)
        painter.end()


class LimitBar(Retold, QWidget):
    """How much of a limit is used, in its light's colour, with a tick at 80 %."""

    def __init__(self, *, share: float = 0.0, light: str = "on_time", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share, self._light = share, light
        self.setMinimumWidth(48)
        self.setFixedHeight(14)
        self.retell()

    def set_share(self, share: float, *, light: str) -> None:
        """``share`` of the limit used (1 = all, may exceed), ``light`` a light id."""
        if (share, light) != (self._share, self._light):
            self._share, self._light = share, light
            self.retell()
            self.update()

    def retell(self) -> None:
        said = phrase("时限已用 {n} %，{light}", n=round(self._share * 100), light=term("light", self._light))
        self.setAccessibleName(str(said))
        self.setToolTip(plain_tip(str(said)))

    def sizeHint(self) -> QSize:
        return QSize(140, 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(0, self.height() // 2 - 3, self.width(), 6)
        paint.limit_bar(painter, rect, share=self._share, light=self._light)
        painter.end()


class FilterChip(Retold, QPushButton):
    """A filter with its present value and a chevron; a menu or popup hangs on ``clicked``. ``checked`` = filtering."""

    def __init__(self, text: Words, value: Words, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._value = text, value
        mark(self, role="filter")
        self.setCheckable(True)
        self.setIcon(icon("chevron-down", "tx2", 12))
        self.setIconSize(QSize(12, 12))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # puts the chevron behind the words
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.retell()

    def set_value(self, value: Words, *, filtering: bool) -> None:
        """Show what is let through; ``filtering`` marks a filter that leaves something out."""
        self._value = value
        self.setChecked(filtering)
        self.retell()

    def nextCheckState(self) -> None:
        """A click opens, it does not toggle."""

    def retell(self) -> None:
        self.setText(str(phrase("{what}：{value}", what=self._words, value=self._value)).replace("&", "&&"))
