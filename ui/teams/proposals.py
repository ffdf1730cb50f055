"""The panel 推荐: what the chosen case needs, up to three proposals with reasons and keys, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from commandcenter.recommendation.crews import MOST
from ui.kit.controls.buttons import KeyButton
from ui.kit.labels.elided import ElidedText
from ui.kit.labels.label import Label, line
from ui.kit.labels.reason_lines import ReasonLine, ReasonLines
from ui.kit.layouts import hbox, vbox
from ui.kit.texts.words import Words, phrase
from ui.teams.offers import Offer
from ui.theme import MEASURES, filled


class Proposed(NamedTuple):
    """A proposal as it is shown: `who`, `brief` where there is little room ("": the same), and `what` is done."""

    who: Words
    brief: str
    offer: Offer
    what: Words
    lines: Sequence[ReasonLine]


class ProposalBox(QWidget):
    """One proposal: its number, who, the button with the key, and the reasons."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.who = ElidedText(tone="tx1", left=True)
        self.button = KeyButton(phrase("派遣"), key=str(number), role="secondary", live=True)
        self.reasons = ReasonLines()
        top = hbox(None, Label(str(number), tone="tx3"), (self.who, 1), self.button, spacing=10)
        under = hbox(None, 18, (self.reasons, 1))
        vbox(self, top, under, spacing=2)

    def show_proposal(self, shown: Proposed, *, first: bool) -> None:
        """Shows a proposal; the button says what it does, or why it cannot be."""
        offer = shown.offer
        self.who.set_words(shown.who, brief=shown.brief)
        self.button.set_words(shown.what)
        self.button.set_role("primary" if first and offer.may else "secondary")
        self.button.allow() if offer.may else self.button.disable(offer.why)
        self.reasons.show_lines(shown.lines)


class ProposalsPanel(QWidget):
    """Shows the advice for a case; `taken` carries the offer of the proposal that was chosen."""

    taken = Signal(object)  # Offer

    def __init__(self) -> None:
        super().__init__()
        self.note = Label(tone="tx2", wrap=True)
        self.boxes = tuple(ProposalBox(number) for number in range(1, MOST + 1))
        self.gap_title = Label(phrase("缺口"), level="label", tone="tx3")
        self.missing = ReasonLines()
        self._offers: tuple[Offer, ...] = ()
        filled(self, surface="bg1")
        pad = MEASURES.dock_padding
        self._rules = tuple(line() for _ in self.boxes)
        parts = [part for pair in zip(self.boxes, self._rules, strict=True) for part in pair]
        vbox(self, self.note, *parts, self.gap_title, self.missing, (None, 1), margins=(pad, 8, pad, 8), spacing=8)
        for number, box in enumerate(self.boxes):
            box.button.clicked.connect(lambda _on=False, number=number: self._take(number))
        self.show_advice("", (), ())

    def show_advice(
        self,
        note: Words,
        proposals: Sequence[Proposed],
        missing: Sequence[ReasonLine],
    ) -> None:
        """Shows the proposals, best first, and what is missing."""
        self._offers = tuple(one.offer for one in proposals)
        self.note.set_words(note)
        self.note.setVisible(bool(str(note)))
        for at, (box, rule) in enumerate(zip(self.boxes, self._rules, strict=True)):
            if at < len(proposals):
                box.show_proposal(proposals[at], first=at == 0)
            box.setVisible(at < len(proposals))
            rule.setVisible(at < len(proposals))
        self.missing.show_lines(missing)
        self.missing.setVisible(bool(missing))
        self.gap_title.setVisible(bool(missing))

    def _take(self, number: int) -> None:
        if number < len(self._offers):
            self.taken.emit(self._offers[number])
