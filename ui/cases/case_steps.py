"""The foot of a case: the line that says what comes next, and below it the other commands possible now as buttons."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from commandcenter.domain.commands import STEPS
from ui.kit.controls.buttons import CalmButton, KeyButton
from ui.kit.layouts import vbox
from ui.kit.texts.words import phrase, term
from ui.theme import MEASURES, filled, paint

OTHERWISE_KEY = "Shift+P"
ACROSS, LEAST, GAP = 4, 2, 8  # buttons on a line, fewer where they have no room; pixels between two


class CaseSteps(QWidget):
    """The `line` and the command `buttons` by name; `asked` carries the name of the command whose button was pressed.

    The button `otherwise` gives the case to another body than the line proposes.
    """

    asked = Signal(str)
    otherwise_asked = Signal()

    def __init__(self, line: QWidget) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self.buttons = {name: self._button(name) for name in STEPS}
        self.otherwise = CalmButton(phrase("另选一家"), key=OTHERWISE_KEY, spread=True, parent=self)
        self.otherwise.clicked.connect(self.otherwise_asked)
        self.otherwise.hide()
        filled(self, surface="bg2")
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        self._has_otherwise = False
        self._filled: tuple[int, tuple[KeyButton, ...]] = (ACROSS, ())
        margins = (MEASURES.dock_padding, 10, MEASURES.dock_padding, 8)
        vbox(self, line, self._grid, margins=margins, spacing=8)

    def show_steps(self, names: tuple[str, ...], *, has_otherwise: bool) -> None:
        """Shows buttons for the commands `names`, before them that for another body than the line proposes."""
        self._names = tuple(sorted(names, key=lambda name: not STEPS[name].entry.main))
        self._has_otherwise = has_otherwise
        self._place()

    def offered(self) -> tuple[str, ...]:
        """Returns the command names of the buttons shown, in order."""
        return self._names

    def _button(self, name: str) -> KeyButton:
        button = CalmButton(term("command", name), key=STEPS[name].entry.key, spread=True, parent=self)
        button.clicked.connect(lambda _on=False: self.asked.emit(name))
        button.hide()
        return button

    def _place(self) -> None:
        """Puts the buttons on as few lines as they have room on; touches nothing when they stand so already."""
        shown = self._shown()
        across = self._room_for(shown)
        if (across, shown) == self._filled:
            return
        self._filled = (across, shown)
        for column in range(ACROSS):
            self._grid.setColumnStretch(column, int(column < across))
        for button in (self.otherwise, *self.buttons.values()):
            self._grid.removeWidget(button)
            button.setVisible(button in shown)
        for name in self._names:
            self.buttons[name].set_role("primary" if STEPS[name].entry.main else "secondary")
        for place, button in enumerate(shown):
            self._grid.addWidget(button, place // across, place % across)

    def _shown(self) -> tuple[KeyButton, ...]:
        first = (self.otherwise,) if self._has_otherwise else ()
        return (*first, *(self.buttons[name] for name in self._names))

    def _room_for(self, shown: tuple[KeyButton, ...]) -> int:
        """Returns how many buttons have room on a line, each as wide as the widest: they share a line evenly."""
        widest = max((button.sizeHint().width() for button in shown), default=0)
        room = self.width() - 2 * MEASURES.dock_padding
        return next((many for many in range(ACROSS, LEAST, -1) if many * widest + (many - 1) * GAP <= room), LEAST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint.hairline(QPainter(self), 0, 0, self.width(), 0, token="ln2")
