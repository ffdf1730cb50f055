"""What may be done next, as buttons with their keys; what may not is said in words."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui.kit.buttons import KeyButton
from ui.kit.elided import ElidedText
from ui.kit.steps import KEYS, VERBS
from ui.kit.words import Words, phrase, term
from ui.theme import MEASURES, mark, paint

FIRST = ("approve_return", "report", "close")  # these come before others when they may be done
ACROSS = 4


class CaseSteps(QWidget):
    """`asked` names the command whose button was pressed."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._buttons = {name: self._button(name) for name in KEYS}
        self._hint = ElidedText(left=True)
        mark(self, surface="bg2")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        for column in range(ACROSS):
            self._grid.setColumnStretch(column, 1)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(MEASURES.dock_padding, 10, MEASURES.dock_padding, 8)
        column_.setSpacing(8)
        column_.addLayout(self._grid)
        column_.addWidget(self._hint)

    def show_steps(self, names: tuple[str, ...], *, number: str, waits: Words) -> None:
        """Buttons for `names`; `waits` says what happens instead when there is none."""
        names = tuple(sorted(names, key=lambda name: name not in FIRST))
        if names != self._names:
            self._names = names
            self._place()
        if names:
            said = phrase("命令：{verb} {number}", verb=VERBS[names[0]], number=number)
            self._hint.set_words(said, tone="tx3")
        else:
            self._hint.set_words(waits, tone="tx2")

    def offered(self) -> tuple[str, ...]:
        """The names of the buttons shown, in their order."""
        return self._names

    def button(self, name: str) -> KeyButton:
        """The button of a command."""
        return self._buttons[name]

    def hint(self) -> str:
        """The line under the buttons."""
        return self._hint.text()

    def _button(self, name: str) -> KeyButton:
        button = KeyButton(term("command", name), key=KEYS[name], spread=True, parent=self)
        button.clicked.connect(lambda _on=False: self.asked.emit(name))
        button.hide()
        return button

    def _place(self) -> None:
        for button in self._buttons.values():
            self._grid.removeWidget(button)
            button.hide()
        for place, name in enumerate(self._names):
            button = self._buttons[name]
            button.set_role("primary" if place == 0 else "secondary")
            self._grid.addWidget(button, place // ACROSS, place % ACROSS)
            button.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint.hairline(QPainter(self), 0, 0, self.width(), 0, token="ln2")
