"""The bodies that could take part in the chosen case: the first three with reasons and keys, the others as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from ui.kit.controls.buttons import KeyButton
from ui.kit.labels.elided import ElidedText
from ui.kit.labels.label import Label, line
from ui.kit.labels.reason_lines import ReasonLine, ReasonLines
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.texts.words import Words, phrase
from ui.leads.handle import Handle
from ui.leads.offers import Offer

FIRST = 3  # bodies with reasons and keys
ROW = 26  # pixels
_TITLE = phrase("谁来主办、协办")


@dataclass(frozen=True, slots=True)
class Choice:
    """A body that can be chosen: its name, what it has, reasons for and against it, and offers.

    `offers` are the likelier and the other one; none for who may not coordinate.
    """

    body: str
    name: str
    load: Words
    reasons: tuple[ReasonLine, ...] = ()
    offers: tuple[Offer, ...] = ()


class ChoiceBox(Handle):
    """One of the first bodies; `taken` carries the offer whose button was pressed."""

    taken = Signal(object)  # Offer

    def __init__(self, number: int) -> None:
        super().__init__()
        self._offers: tuple[Offer, ...] = ()
        self.name, self.load = Label(level="strong"), ElidedText()
        self.reasons = ReasonLines()
        keys = (str(number), f"Shift+{number}")
        self.buttons = tuple(KeyButton(key=key, role="row", live=True) for key in keys)
        top = hbox(None, Label(str(number), tone="tx3"), self.name, (self.load, 1), spacing=10)
        under = hbox(None, *self.buttons, STRETCH, spacing=8)
        inside = vbox(None, self.reasons, under, margins=(18, 0, 0, 0), spacing=4)
        vbox(self, top, inside, spacing=2)
        for at, button in enumerate(self.buttons):
            button.clicked.connect(lambda _on=False, at=at: self.taken.emit(self._offers[at]))

    def show_choice(self, choice: Choice) -> None:
        """Shows a body."""
        self.stand_for(choice.body, may_drag=bool(choice.offers))
        self._offers = choice.offers
        self.name.set_words(choice.name)
        self.load.set_words(choice.load)
        self.reasons.show_lines(choice.reasons)
        for button in self.buttons[len(choice.offers) :]:
            button.hide()
        for button, offer in zip(self.buttons, choice.offers, strict=False):
            button.set_words(offer.what)
            button.allow() if offer.may or offer.lacks_moment else button.disable(offer.why)
            button.show()


class ChoiceRow(Handle):
    """One of the other bodies on a line; its name is in the tooltip too."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.load = ElidedText(tone="tx1", left=True), ElidedText()
        self.setFixedHeight(ROW)
        hbox(self, 18, (self.name, 1), self.load, spacing=10)

    def show_choice(self, choice: Choice) -> None:
        """Shows a body."""
        self.stand_for(choice.body, may_drag=bool(choice.offers))
        self.name.set_words(choice.name)
        self.load.set_words(choice.load)
        self.load.updateGeometry()  # it may need more room than for another body


class BodiesPanel(QWidget):
    """Shows choices, and `between` the first ones and the others what belongs to these.

    `taken` carries an Offer, `dragged` the id of a body, its name and the point of the screen.
    """

    taken = Signal(object)
    dragged = Signal(str, str, QPoint)
    dropped = Signal()

    def __init__(self, between: QWidget) -> None:
        super().__init__()
        self.title = Label(_TITLE, level="label", tone="tx3")
        self.boxes = tuple(ChoiceBox(number) for number in range(1, FIRST + 1))
        self.rows: list[ChoiceRow] = []
        self._names: dict[str, str] = {}
        self._others = Label(phrase("其他单位"), level="label", tone="tx3")
        self._below = vbox()
        parts = [part for box in self.boxes for part in (box, line())]
        vbox(self, self.title, *parts, between, line(), self._others, self._below, spacing=8)
        for box in self.boxes:
            box.taken.connect(self.taken)
            self._follow(box)

    def show_choices(self, choices: Sequence[Choice], *, are_coming: bool = False) -> None:
        """Shows these bodies, the likeliest first; says so while they `are_coming`."""
        self.title.set_words(phrase("正在问平台：谁来主办、协办") if are_coming else _TITLE)
        self._names = {choice.body: choice.name for choice in choices}
        self.setVisible(bool(choices) or are_coming)
        for box, choice in zip(self.boxes, choices, strict=False):
            box.show_choice(choice)
        for at, box in enumerate(self.boxes):
            box.setVisible(at < len(choices))
        rest = choices[FIRST:]
        while len(self.rows) < len(rest):
            self.rows.append(ChoiceRow())
            self._follow(self.rows[-1])
            self._below.addWidget(self.rows[-1])
        for row, choice in zip(self.rows, rest, strict=False):
            row.show_choice(choice)
        for at, row in enumerate(self.rows):
            row.setVisible(at < len(rest))
        self._others.setVisible(bool(rest))

    def _follow(self, handle: Handle) -> None:
        handle.dragged.connect(lambda body, spot: self.dragged.emit(body, self._names.get(body, body), spot))
        handle.dropped.connect(self.dropped)
