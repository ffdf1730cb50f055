"""The header of the map: its title, the age of the positions, and which layers are shown."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ui.kit.labels.elided import ElidedText
from ui.kit.labels.label import Label, Retranslated
from ui.kit.layouts import hbox
from ui.kit.texts.words import term
from ui.map.words import word
from ui.theme import MEASURES, filled, mark

LAYERS = ("cases", "crews", "coverage", "heat")
ON = frozenset({"cases", "crews"})  # from the beginning


class MapHeader(Retranslated, QWidget):
    """Title, age and one toggle per layer; `toggled` carries the layer's name and whether it is on."""

    toggled = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, int] = {}
        self._is_known = True
        self._title = Label(term("map", "title"), level="strong")
        self._age = ElidedText(left=True)  # painted: no layout follows when it changes, each second
        self._toggles = {name: self._toggle(name) for name in LAYERS}
        self._lay()
        self.retell()

    def retell(self) -> None:
        for name in LAYERS:
            self._name(name)

    def count(self, layer: str, number: int) -> None:
        """Shows a count beside a layer's name."""
        if self._counts.get(layer) != number:
            self._counts[layer] = number
            self._name(layer)

    def know(self, is_known: bool) -> None:
        """Shows the counts only while anything `is_known`."""
        if is_known is not self._is_known:
            self._is_known = is_known
            self.retell()

    def age(self, text: str, brief: str = "") -> None:
        """Shows a text about the age of the positions, "" for none; `brief` where it has no room."""
        self._age.set_words(text, brief=brief)

    def toggle(self, layer: str) -> None:
        """Shows the layer, or hides it."""
        self._toggles[layer].toggle()

    def is_on(self, layer: str) -> bool:
        """Returns whether the layer is shown."""
        return self._toggles[layer].isChecked()

    def _toggle(self, name: str) -> QPushButton:
        button = mark(QPushButton(), role="filter")
        button.setCheckable(True)
        button.setChecked(name in ON)
        button.toggled.connect(lambda on: self.toggled.emit(name, on))
        return button

    def _name(self, layer: str) -> None:
        number = self._counts.get(layer) if self._is_known else None
        name = word(layer)
        self._toggles[layer].setText(name if number is None else f"{name} {number:,}")
        self._toggles[layer].setAccessibleName(name)

    def _lay(self) -> None:
        filled(self, surface="bg2")
        self.setFixedHeight(MEASURES.dock_header)
        margins = (MEASURES.dock_padding, 0, MEASURES.dock_padding, 0)
        hbox(self, self._title, (self._age, 1), *self._toggles.values(), margins=margins, spacing=6)
