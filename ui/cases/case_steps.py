"""The commands possible now as buttons with their keys, and a hint below them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from commandcenter.domain.commands import STEPS
from ui.kit.controls.buttons import KeyButton
from ui.kit.labels.elided import ElidedText
from ui.kit.layouts import vbox
from ui.kit.texts.words import Words, phrase, term
from ui.theme import MEASURES, filled, paint

ACROSS, LEAST, GAP = 4, 2, 8  # buttons on a line, fewer where they have no room; pixels between two


class CaseSteps(QWidget):
    """A hint and the command `buttons` by name; `asked` carries the name of the command whose button was pressed."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self.buttons = {name: self._button(name) for name in STEPS}
        self._hint = ElidedText(left=True)
        filled(self, surface="bg2")
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        self._filled: tuple[int, tuple[str, ...]] = (ACROSS, ())
        margins = (MEASURES.dock_padding, 10, MEASURES.dock_padding, 8)
        vbox(self, self._grid, self._hint, margins=margins, spacing=8)

    def show_steps(self, names: tuple[str, ...], *, number: str, waits: Words, is_waiting: bool) -> None:
        """Shows buttons for the commands `names` and, as the hint, what to type on the command line for the first.

        The hint is `waits`, what the case waits for, when it waits for a step that is not among them.
        """
        names = tuple(sorted(names, key=lambda name: not STEPS[name].entry.main))
        self._names = names
        self._place()
        if names and (STEPS[names[0]].entry.main or not is_waiting):
            said = phrase("命令：{verb} {number}", verb=STEPS[names[0]].entry.verb, number=number)
            self._hint.set_words(said, tone="tx3")
        else:
            self._hint.set_words(waits, tone="tx2")

    def offered(self) -> tuple[str, ...]:
        """Returns the command names of the buttons shown, in order."""
        return self._names

    def hint(self) -> str:
        """Returns the hint as shown."""
        return self._hint.text()

    def _button(self, name: str) -> KeyButton:
        button = KeyButton(term("command", name), key=STEPS[name].entry.key, spread=True, parent=self)
        button.clicked.connect(lambda _on=False: self.asked.emit(name))
        button.hide()
        return button

    def _place(self) -> None:
        """Puts the buttons on as few lines as they have room on; touches nothing when they stand so already."""
        across = self._room_for()
        if (across, self._names) == self._filled:
            return
        self._filled = (across, self._names)
        for column in range(ACROSS):
            self._grid.setColumnStretch(column, int(column < across))
        for button in self.buttons.values():
            self._grid.removeWidget(button)
            button.hide()
        for place, name in enumerate(self._names):
            button = self.buttons[name]
            button.set_role("primary" if STEPS[name].entry.main else "secondary")
            self._grid.addWidget(button, place // across, place % across)
            button.show()

    def _room_for(self) -> int:
        """Returns how many buttons have room on a line, each as wide as the widest: they share a line evenly."""
        widest = max((self.buttons[name].sizeHint().width() for name in self._names), default=0)
        room = self.width() - 2 * MEASURES.dock_padding
        return next((many for many in range(ACROSS, LEAST, -1) if many * widest + (many - 1) * GAP <= room), LEAST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint.hairline(QPainter(self), 0, 0, self.width(), 0, token="ln2")
