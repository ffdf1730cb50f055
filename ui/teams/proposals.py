"""The panel 推荐: what the chosen case needs, up to three proposals with reasons and keys, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from commandcenter.recommendation.crews import MOST
from ui.kit.controls.buttons import KeyButton
from ui.kit.labels.elided import ElidedText
from ui.kit.labels.label import Label, Retranslated, line
from ui.kit.layouts import hbox, vbox
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import Words, phrase
from ui.teams.offers import Offer
from ui.theme import MEASURES, filled, paint

REASON = 20  # pixels a line
SIGNS = {True: ("+", "ok"), False: ("−", "bad"), None: ("▲", "warn")}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of reasons: for, against (`is_for` False), or missing (None)."""

    words: Words
    is_for: bool | None


class ReasonLines(Retranslated, QWidget):
    """Reasons one below the other; the whole text is in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[Line, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Replaces the lines; costs nothing when they say the same."""
        if [str(one.words) for one in lines] != self.texts():
            self._lines = tuple(lines)
            self.updateGeometry()
            self.retell()

    def texts(self) -> list[str]:
        """Returns what is said."""
        return [str(one.words) for one in self._lines]

    def retell(self) -> None:
        said = "\n".join(f"{SIGNS[one.is_for][0]} {one.words}" for one in self._lines)
        self.setAccessibleName(said)
        self.setToolTip(plain_tip(said))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(100, REASON * len(self._lines))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for at, one in enumerate(self._lines):
            sign, tone = SIGNS[one.is_for]
            box = self.rect().adjusted(0, at * REASON, 0, 0)
            box.setHeight(REASON)
            if one.is_for is None:
                paint.glyph(painter, box.topLeft().toPointF() + _GLYPH, "light.soon", size=9)
            else:
                paint.words(painter, box, sign, token=tone, bold=True)
            paint.words(painter, box.adjusted(18, 0, 0, 0), str(one.words), token="tx2", size=MEASURES.label)
        painter.end()


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

    def show_proposal(self, who: Words, offer: Offer, what: Words, lines: Sequence[Line], *, first: bool) -> None:
        """Shows a proposal; the button says `what` it does, or why it cannot be."""
        self.who.set_words(who)
        self.button.set_words(what)
        self.button.set_role("primary" if first and offer.may else "secondary")
        self.button.allow() if offer.may else self.button.disable(offer.why)
        self.reasons.show_lines(lines)


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
        proposals: Sequence[tuple[Words, Offer, Words, Sequence[Line]]],
        missing: Sequence[Line],
    ) -> None:
        """Shows (who, offer, what the button says, reasons) of each proposal, and what is missing."""
        self._offers = tuple(offer for _, offer, _, _ in proposals)
        self.note.set_words(note)
        self.note.setVisible(bool(str(note)))
        for at, (box, rule) in enumerate(zip(self.boxes, self._rules, strict=True)):
            if at < len(proposals):
                who, offer, what, lines = proposals[at]
                box.show_proposal(who, offer, what, lines, first=at == 0)
            box.setVisible(at < len(proposals))
            rule.setVisible(at < len(proposals))
        self.missing.show_lines(missing)
        self.missing.setVisible(bool(missing))
        self.gap_title.setVisible(bool(missing))

    def _take(self, number: int) -> None:
        if number < len(self._offers):
            self.taken.emit(self._offers[number])


_GLYPH = QPointF(6, REASON / 2)
