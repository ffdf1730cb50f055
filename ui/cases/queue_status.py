"""The bar below the queue: which rows are in view and how many changes are held back."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.kit.controls.buttons import KeyButton
from ui.kit.labels.label import Label
from ui.kit.layouts import STRETCH, hbox
from ui.kit.texts.words import Words, phrase
from ui.theme import MEASURES, filled, paint


class QueueStatus(QWidget):
    """A bar whose button emits `let_in` to show the changes held back."""

    let_in = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._sight = Label(level="label")
        self._waiting = Label(level="label", tone="tx2")
        self._button = KeyButton(phrase("更新"), key="F5", role="link")
        filled(self, surface="bg1")
        self.setFixedHeight(MEASURES.row)
        margins = (MEASURES.dock_padding, 0, MEASURES.dock_padding, 0)
        hbox(self, self._sight, STRETCH, self._waiting, self._button, margins=margins, spacing=10)
        self._button.clicked.connect(self.let_in)
        self.show_held_back(0, 0)

    def show_range(self, first: int, last: int, total: int | None) -> None:
        """Shows that rows `first` to `last` (from 1) of `total` are in view; nothing for None: not known."""
        said: Words = phrase("共 0 条") if total == 0 else ""
        if total:
            said = phrase("第 {first}–{last} 条，共 {total}", first=f"{first:,}", last=f"{last:,}", total=f"{total:,}")
        self._sight.set_words(said)

    def show_held_back(self, came: int, left: int) -> None:
        """Shows how many cases came and left that the table does not show yet; hides itself and the button for none."""
        if came and left:
            said = phrase("新到 {came} 条、离开 {left} 条，暂未更新", came=came, left=left)
        elif came:
            said = phrase("新到 {came} 条，暂未插入", came=came)
        else:
            said = phrase("离开 {left} 条，暂未更新", left=left)
        self._waiting.set_words(said)
        self._waiting.setVisible(bool(came or left))
        self._button.setVisible(bool(came or left))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint.hairline(QPainter(self), 0, 0, self.width(), 0)
