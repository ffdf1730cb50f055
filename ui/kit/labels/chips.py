"""Small widgets that show state: chip, glyph, limit bar and filter chip."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.kit.labels.label import Retranslated
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import Words, phrase, term
from ui.theme import icon, mark, paint
from ui.theme.paint import CHIP_HEIGHT, chip_width


class Chip(Retranslated, QWidget):
    """A text in a tinted box. ``kind`` is a key of `paint.CHIPS`; ``shape`` a glyph or an icon, if any."""

    def __init__(self, text: Words = "", *, kind: str = "plain", shape: str = "") -> None:
        super().__init__()
        self._words, self._kind, self._shape = text, kind, shape
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.retell()

    def set_words(self, text: Words, *, kind: str | None = None, shape: str | None = None) -> None:
        """Sets the text and, if given, kind and glyph."""
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


class Glyph(Retranslated, QWidget):
    """One glyph ("light.soon", "delivery.kept" …) with its term as tooltip and accessible name."""

    def __init__(self, name: str = "light.none", *, size: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._size = name, size
        self.setFixedSize(size + 2, size + 2)
        self.retell()

    def set_name(self, name: str) -> None:
        """Shows another glyph."""
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


class LimitBar(Retranslated, QWidget):
    """Bar of the used share of a time limit, with a tick at 80 %; what exceeds the limit is red."""

    def __init__(self, *, share: float = 0.0, light: str = "on_time") -> None:
        super().__init__()
        self._share, self._light = share, light
        self.setMinimumWidth(48)
        self.setFixedHeight(14)
        self.retell()

    def set_share(self, share: float, *, light: str) -> None:
        """Sets the used ``share`` of the limit (1 = all, may exceed 1) and the id of its ``light``."""
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
        paint.limit_bar(painter, rect, share=self._share)
        painter.end()


class FilterChip(Retranslated, QPushButton):
    """A filter button with its current value and a chevron; its owner opens a menu at ``clicked``.

    ``checked`` means that the filter is active. With the image "x" its owner ends the filter at ``clicked``.
    """

    def __init__(
        self, text: Words, value: Words, *, image: str = "chevron-down", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words, self._value = text, value
        mark(self, role="filter")
        self.setCheckable(True)
        self.setIcon(icon(image, "tx2", 12))
        self.setIconSize(QSize(12, 12))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # puts the image after the text
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.retell()

    def set_value(self, value: Words, *, filtering: bool) -> None:
        """Shows the current value; ``filtering`` marks the filter as active."""
        self._value = value
        self.setChecked(filtering)
        self.retell()

    def nextCheckState(self) -> None:
        """Does nothing: a click opens the menu and must not toggle the button."""

    def retell(self) -> None:
        told = phrase("{what}：{value}", what=self._words, value=self._value) if str(self._value) else self._words
        self.setText(str(told).replace("&", "&&"))
