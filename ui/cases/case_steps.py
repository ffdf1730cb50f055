"""The foot of a case: the line that says what comes next, and below it the other commands possible now as buttons."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from commandcenter.domain.commands import STEPS
from ui.kit.controls.button_lines import ButtonLines
from ui.kit.controls.buttons import CalmButton, KeyButton
from ui.kit.layouts import vbox
from ui.kit.texts.words import phrase, term
from ui.theme import MEASURES, filled, paint

OTHERWISE_KEY = "Shift+P"


class CaseSteps(QWidget):
    """The `line` and the command `buttons` by name; `asked` carries the name of the command whose button was pressed.

    The button `otherwise` gives the case to another body than the line proposes.
    """

    asked = Signal(str)
    otherwise_asked = Signal()

    def __init__(self, line: QWidget) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._lines = ButtonLines()
        self.buttons = {name: self._button(name) for name in STEPS}
        self.otherwise = CalmButton(phrase("另选一家"), key=OTHERWISE_KEY, spread=True, parent=self._lines)
        self.otherwise.clicked.connect(self.otherwise_asked)
        self.otherwise.hide()
        filled(self, surface="bg2")
        margins = (MEASURES.dock_padding, 8, MEASURES.dock_padding, 8)
        vbox(self, line, self._lines, margins=margins, spacing=8)

    def show_steps(self, names: tuple[str, ...], *, has_otherwise: bool) -> None:
        """Shows buttons for the commands `names`, before them that for another body than the line proposes."""
        self._names = tuple(sorted(names, key=lambda name: not STEPS[name].entry.main))
        for name in self._names:
            self.buttons[name].set_role("primary" if STEPS[name].entry.main else "secondary")
        first = (self.otherwise,) if has_otherwise else ()
        self._lines.show_buttons((*first, *(self.buttons[name] for name in self._names)))

    def offered(self) -> tuple[str, ...]:
        """Returns the command names of the buttons shown, in order."""
        return self._names

    def _button(self, name: str) -> KeyButton:
        button = CalmButton(term("command", name), key=STEPS[name].entry.key, spread=True, parent=self._lines)
        button.clicked.connect(lambda _on=False: self.asked.emit(name))
        button.hide()
        return button

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint.hairline(QPainter(self), 0, 0, self.width(), 0, token="ln2")
