"""The crew at which the keyboard is: its status, what its roster says, and who is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from commandcenter.domain.teams import Crew
from ui.kit import records
from ui.kit.labels.facts import Fact, Facts
from ui.kit.labels.label import line
from ui.kit.layouts import vbox
from ui.kit.panels.headers import DockHeader
from ui.kit.texts.crews import crew_name
from ui.kit.texts.words import phrase, say, word
from ui.teams import duty
from ui.theme import MEASURES, filled

if TYPE_CHECKING:
    from ui.teams.words import Wording


class CrewCard(QWidget):
    """Shows one crew of the board; without one it is hidden."""

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self.head = DockHeader("")
        self.facts = Facts(label_width=44)
        filled(self, surface="bg1")
        pad = MEASURES.dock_padding
        vbox(self, self.head, vbox(None, self.facts, margins=(pad, 8, pad, 8)), line(strong=True))
        self.hide()

    def show_crew(self, key: str) -> None:
        """Shows the crew `key` as it is now; hides itself for none."""
        board, now = self._wording.board, self._wording.clock.now
        crew = records.find(board, Crew, key)
        if crew is not None:
            self.head.set_title(crew_name(board, crew))
            self.head.set_note(word("status", crew.status))
            stands, tone = duty.sentence(board, crew, now), duty.tag(board, crew, now).tone
            roster = Fact(phrase("轮班"), stands or say("没有轮班"), tone="tx1" if tone == duty.QUIET else tone)
            people = duty.members(board, crew)
            self.facts.show_facts((roster, *([Fact(phrase("成员"), people)] if people else [])))
        self.setVisible(crew is not None)
