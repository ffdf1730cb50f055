"""The box of an application to return a case: who applied, when and why, and the buttons to answer it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from commandcenter.domain.cases import Application
from commandcenter.domain.commands import STEPS
from commandcenter.domain.rules import refuse_unless_applied
from ui.kit.controls.buttons import KeyButton
from ui.kit.labels.chips import Chip
from ui.kit.labels.elided import ElidedText
from ui.kit.labels.label import Label
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.texts.words import Words, phrase, term
from ui.theme import MEASURES, mark

ANSWERS = tuple(name for name, step in STEPS.items() if refuse_unless_applied in step.rule.where)


class ApplicationBox(QWidget):
    """An application with `buttons` for its answers; `asked` carries the command name of the chosen answer.

    The first answer also stands in the line at the foot, so here none stands out.
    """

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        card = mark(QFrame(), surface="card")
        self._who = ElidedText()
        self._reason = Label(wrap=True, selectable=True)
        self.buttons = {name: _answer(name) for name in ANSWERS}
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, name=name: self.asked.emit(name))
        waits = Chip(phrase("申请退回，待批"), kind="vio", shape="light.needs_you")
        head = hbox(None, waits, (self._who, 1), spacing=-1)
        answers = hbox(None, *self.buttons.values(), STRETCH, spacing=8)
        vbox(self, card, margins=(MEASURES.dock_padding, 10, MEASURES.dock_padding, 0), spacing=-1)
        vbox(card, head, self._reason, answers, margins=(10, 8, 10, 10), spacing=6)

    def show_application(self, application: Application, *, may: tuple[str, ...], who: Words) -> None:
        """Shows `application`; `who` says by whom and when, `may` holds the commands that the user can give."""
        self._who.set_words(who)
        self._reason.set_words(application.reason)
        for name, button in self.buttons.items():
            button.setVisible(name in may)

    def texts(self) -> str:
        """Returns the applicant and the reason as shown."""
        return f"{self._who.text()} {self._reason.text()}"


def _answer(name: str) -> KeyButton:
    return KeyButton(term("command", name), key=STEPS[name].entry.key)
