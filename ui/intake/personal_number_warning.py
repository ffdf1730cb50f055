"""The warning about a telephone or card number in a text that everybody reads, with buttons to move or delete it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from commandcenter.domain.personal import Personal, PersonalNumber, mask, personal_numbers
from ui.kit.controls.buttons import KeyButton
from ui.kit.labels.label import Label
from ui.kit.layouts import hbox
from ui.kit.texts.words import phrase, term


class PersonalNumberWarning(QWidget):
    """A warning below a field; `number_deleted(text without the number)` when the number is to be deleted.

    `moved(number)` comes before that when the number goes to the sealed telephone.
    """

    moved = Signal(str)
    number_deleted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._found: tuple[PersonalNumber, ...] = ()
        self._takes_phone = True
        self._said = Label(level="label", tone="warn", wrap=True)
        self.move_button = KeyButton(phrase("移到电话栏密封"), role="link")
        self.delete_button = KeyButton(phrase("删去"), role="link")
        self.move_button.clicked.connect(lambda _on=False: self._move())
        self.delete_button.clicked.connect(lambda _on=False: self._strike())
        hbox(self, (self._said, 1), self.move_button, self.delete_button, spacing=8)
        self.hide()

    def watch(self, text: str, *, takes_phone: bool) -> None:
        """Checks the field's text; `takes_phone` says that the sealed telephone is still empty."""
        self._text, self._takes_phone = text, takes_phone
        self._found = personal_numbers(text)
        self.setVisible(bool(self._found))
        if self._found:
            one = self._found[0]
            shown = mask(text[one.start : one.end])
            self._said.set_words(
                phrase("{number} 像是{what}，人人可见，不能登记", number=shown, what=term("personal", one.what))
            )
            self.move_button.setVisible(takes_phone and one.what is Personal.PHONE)

    def text(self) -> str:
        """Returns the warning shown, "" for none."""
        return "" if self.isHidden() else self._said.text()

    def _move(self) -> None:
        if self._found:
            self.moved.emit(self._text[self._found[0].start : self._found[0].end].strip())
            self._strike()

    def _strike(self) -> None:
        if self._found:
            one = self._found[0]
            self.number_deleted.emit(self._text[: one.start] + self._text[one.end :])
