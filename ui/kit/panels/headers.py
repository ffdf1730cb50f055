"""Header of a dock or panel: title, note and widgets."""

from PySide6.QtWidgets import QWidget

from ui.kit.labels.label import Label
from ui.kit.layouts import STRETCH, hbox
from ui.kit.texts.words import Words
from ui.theme import MEASURES, filled


class DockHeader(QWidget):
    """Bold title, note beside it, widgets at the right; 32 pixels high. Dragging it drags its dock."""

    def __init__(self, title: Words, *, note: Words = "") -> None:
        super().__init__()
        filled(self, place="dock-header")
        self.setFixedHeight(MEASURES.dock_header)
        self._title = Label(title, level="strong")
        self._note = Label(note, level="label")
        self._row = hbox(self, self._title, self._note, STRETCH, margins=(MEASURES.dock_padding, 0, 6, 0), spacing=10)

    def set_title(self, title: Words) -> None:
        """Sets another title."""
        self._title.set_words(title)

    def set_note(self, note: Words, *, tone: str = "tx3") -> None:
        """Sets another note; ``tone`` "warn" marks what is out of date."""
        self._note.set_words(note, tone=tone)

    def add_widget(self, widget: QWidget) -> None:
        """Appends a widget at the right."""
        self._row.addWidget(widget)
