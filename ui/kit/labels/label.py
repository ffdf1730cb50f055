"""Plain-text labels that follow changes of the language."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from commandcenter.domain.text import visible
from ui.kit.texts.words import Words
from ui.theme import mark

if TYPE_CHECKING:
    _Widget = QWidget
else:
    _Widget = object


class Retranslated(_Widget):
    """Mixin placed before a widget's Qt class: calls ``retell`` at each change of the language."""

    def retell(self) -> None:
        """Sets every text again from its Words."""

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retell()
        super().changeEvent(event)


class Label(Retranslated, QLabel):
    """One plain text, never rich text; invisible characters are shown as signs.

    ``level`` is figure, title, section, body, strong, label or note, ``tone`` a text colour token.
    """

    def __init__(
        self,
        text: Words = "",
        *,
        level: str = "body",
        tone: str = "",
        wrap: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words: Words = text
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        mark(self, level=level)
        if tone:
            mark(self, tone=tone)
        self.retell()

    def set_words(self, text: Words, *, tone: str | None = None) -> None:
        """Sets another text and, if given, another tone; costs nothing when both are the same."""
        self._words = text
        if visible(str(text)) != self.text():
            self.retell()
        if tone is not None:
            mark(self, tone=tone)

    def setText(self, text: str) -> None:
        """Sets a text that is data: it stays as it is when the language changes."""
        self._words = text
        super().setText(visible(text))

    def set_level(self, level: str) -> None:
        """Sets another level of the type scale."""
        mark(self, level=level)

    def retell(self) -> None:
        super().setText(visible(str(self._words)))


def line(direction: str = "h", *, strong: bool = False) -> QFrame:
    """Returns a hairline between parts, "h" or "v"; ``strong`` between panels."""
    return mark(QFrame(), line=direction + ("2" if strong else ""))
