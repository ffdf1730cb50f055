"""Which sounds are heard: the choice by level, kept in the settings, which a key turns on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from commandcenter.attention.sounding import LEAST, SILENT
from ui.kit.controls.switches import Segments
from ui.kit.feedback.states import Picture
from ui.kit.layouts import hbox
from ui.kit.texts.words import term

if TYPE_CHECKING:
    from commandcenter.settings.file import Settings

SETTING = "attention.sound"
CHOICES = (*LEAST, SILENT)


class VolumeChoice(QWidget):
    """All sounds, from a level on, or none; `keep` stores the choice under the name of a setting."""

    def __init__(self, settings: Settings, keep: Callable[[str, str], object]) -> None:
        super().__init__()
        self._settings, self._keep = settings, keep
        self._picture = Picture("volume-2")
        self.choice = Segments([(name, term("attention_sound", name)) for name in CHOICES])
        self.choice.chosen.connect(self.choose)
        hbox(self, self._picture, self.choice, spacing=8)
        self._show()

    def choose(self, name: str) -> None:
        """Makes `name` the choice: notice, important, urgent or none."""
        self._keep(SETTING, name)
        self._show()

    def turn(self) -> None:
        """Makes the next one the choice."""
        at = CHOICES.index(str(self._settings[SETTING]))
        self.choose(CHOICES[(at + 1) % len(CHOICES)])

    def _show(self) -> None:
        name = str(self._settings[SETTING])
        self.choice.choose(name)
        self._picture.set_icon("volume-x" if name == SILENT else "volume-2", tone="tx3" if name == SILENT else "tx2")
