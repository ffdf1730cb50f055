"""The foot of the side: the coordinator's steps as buttons with their keys, and what the command line says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands import STEPS
from ui.kit.controls.buttons import KeyButton
from ui.kit.labels.elided import ElidedText
from ui.kit.layouts import vbox
from ui.kit.texts.words import Term, phrase, term
from ui.theme import MEASURES, filled, paint

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

NAMES = ("set_lead", "change_lead", "add_co_handler", "whistle", "remove_co_handler", "override_tasks")
ACROSS, GAP = 3, 8  # buttons on a line, one less where they have no room; pixels between two
_NEVER = ("role", "signed_out")  # refusals of who may never give the step


class StepsBar(QWidget):
    """`asked` carries the name of the step whose button was pressed."""

    asked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.buttons = {name: KeyButton(_term(name), key=STEPS[name].entry.key, spread=True) for name in NAMES}
        self.line = ElidedText(left=True)
        filled(self, surface="bg2")
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        self._shown: tuple[str, ...] = ()
        self._filled: tuple[int, tuple[str, ...]] = (ACROSS, ())
        margins = (MEASURES.dock_padding, 10, MEASURES.dock_padding, 8)
        vbox(self, self._grid, self.line, margins=margins, spacing=8)
        for name, button in self.buttons.items():
            button.hide()
            button.clicked.connect(lambda _on=False, name=name: self.asked.emit(name))

    def show_case(self, case: Case, line: str) -> None:
        """Shows the steps that the person's role has for a case, and the command `line` of the first key."""
        self._place(tuple(name for name in NAMES if self._has(name, case)))
        self.line.set_words(phrase("命令：{line}", line=line) if line else phrase("↵ 到调度台看经过"))
        self.turn(case)

    def turn(self, case: Case) -> None:
        """Offers what can be done at this moment."""
        for name in self._shown:
            self.buttons[name].offer(self._desk.why_not(name, case))

    def _has(self, name: str, case: Case) -> bool:
        """Whether the role has the step; of the two that share a key the one for this stage."""
        is_set = case.stage in (Stage.RECEIVED, Stage.FILED)
        if name in ("set_lead", "change_lead") and (name == "set_lead") is not is_set:
            return False
        return self._desk.why_not(name, None) not in _NEVER

    def _place(self, names: tuple[str, ...]) -> None:
        self._shown = names
        self._fill()

    def _fill(self) -> None:
        """Puts the buttons on as few lines as they have room on; touches nothing when they stand so already."""
        across = self._room_for()
        if (across, self._shown) == self._filled:
            return
        self._filled = (across, self._shown)
        for button in self.buttons.values():
            self._grid.removeWidget(button)
            button.hide()
        for at, name in enumerate(self._shown):
            self._grid.addWidget(self.buttons[name], at // across, at % across)
            self.buttons[name].show()

    def _room_for(self) -> int:
        """Returns how many buttons have room on a line."""
        widest = max((self.buttons[name].sizeHint().width() for name in self._shown), default=0)
        room = self.width() - 2 * MEASURES.dock_padding
        return ACROSS if ACROSS * widest + (ACROSS - 1) * GAP <= room else ACROSS - 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fill()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint.hairline(QPainter(self), 0, 0, self.width(), 0, token="ln2")


def _term(name: str) -> Term:
    return term("command", name, short=True)
