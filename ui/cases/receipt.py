"""The receipt of an act on a case: what was done, its delivery state, and for some seconds how to take it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from commandcenter.domain.cases import Case
from commandcenter.domain.facts import Fact
from commandcenter.store.overlay import Act, Delivery
from ui.cases.next_button import PAD, TALL
from ui.kit.case_parts.deliveries import KEY, glyph_of
from ui.kit.controls.buttons import CalmButton
from ui.kit.labels.chips import Glyph
from ui.kit.labels.elided import ElidedText
from ui.kit.labels.label import Label
from ui.kit.layouts import hbox, laid_out, vbox
from ui.kit.texts.words import Words, phrase, say, term
from ui.theme import MEASURES, colour, mark

UNDO = timedelta(seconds=10)
GLANCE = timedelta(seconds=4)  # for which an act is told that cannot be taken back
SKEW = timedelta(seconds=30)  # by which the clock of the platform may be behind what is known of it here
BAR, SECONDS_WIDTH = 2, 40  # pixels: high, and wide
_TONES = {Delivery.DONE: "ok", Delivery.NEEDS_YOU: "vio"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was done in words, its `act` as it is now, the `case` as it was left by it, and until when that is told.

    `may_undo`: it can be taken back until then. `meanwhile` says what others did to the case since, "" for nothing.
    `history` is what the platform has told of the case since, nothing as long as it has not.
    """

    act: Act
    what: Words
    case: Case
    until: datetime
    may_undo: bool = False
    meanwhile: Words = ""
    history: tuple[Fact, ...] = ()

    @property
    def at(self) -> datetime:
        """When its act reached its delivery state; for one in force as the history says, by the platform's clock."""
        known = self.act.moved_at or self.act.made_at or self.until
        if self.act.delivery is not Delivery.DONE:
            return known
        types, by = {type(fact) for fact in self.act.facts}, (self.act.user, self.act.on_behalf_of)
        own = (fact.at for fact in reversed(self.history) if type(fact) in types and fact.by in by)
        return next((at for at in own if at >= (self.act.made_at or known) - SKEW), known)

    @property
    def needs_you(self) -> bool:
        """Whether a person has to decide what becomes of it."""
        return self.act.delivery is Delivery.NEEDS_YOU


class ReceiptBox(QFrame):
    """Shows one receipt; the bar at its foot runs out with the seconds in which the act can be taken back."""

    undo_asked = Signal()
    opened = Signal()  # the user wants to decide the act

    def __init__(self) -> None:
        super().__init__()
        mark(self, surface="card")
        self.setFixedHeight(TALL)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._what = _Told(tone="tx1", left=True)
        self._glyph, self._delivery = Glyph(size=10), Label(level="label")
        self._meanwhile = ElidedText(tone="warn", left=True)
        self._seconds = ElidedText(tone="tx2")
        self.undo = CalmButton(phrase("撤销"), key="Ctrl Z", role="link")
        self.decide = CalmButton(phrase("打开"), key="F4", role="link")
        self._bar = _Countdown()
        self._lay()
        self.undo.clicked.connect(self.undo_asked)
        self.decide.clicked.connect(self.opened)

    def show_receipt(self, told: Receipt, at: Words, now: datetime) -> None:
        """Shows a receipt as of `now`; `at` says when its act reached its delivery state."""
        delivery = told.act.delivery
        self._what.set_words(told.what)
        self._glyph.set_name(glyph_of(delivery))
        word = term("delivery", KEY[delivery])
        is_alone = not str(told.meanwhile)  # what others did meanwhile needs the room
        self._delivery.set_words(f"{word} {at}" if is_alone else word, tone=_TONES.get(delivery, "tx2"))
        self._meanwhile.set_words(told.meanwhile)
        self._seconds.setVisible(told.may_undo)
        for button, is_offered in ((self.undo, told.may_undo), (self.decide, told.needs_you)):
            if button.hasFocus() and not is_offered:
                self.setFocus()  # else the keyboard would go to whatever stands next
            button.setVisible(is_offered)
        self.turn(told, now)
        self.setAccessibleName(self.text())

    def turn(self, told: Receipt, now: datetime) -> None:
        """Shows how many seconds are left to take it back; repaints the figure and the bar alone."""
        left = max(0.0, (told.until - now) / UNDO) if told.may_undo else 0.0
        self._seconds.set_words(phrase("{n} 秒", n=ceil(left * UNDO.total_seconds())) if told.may_undo else "")
        self._bar.show_share(left)

    def text(self) -> str:
        """Returns what is shown, without the seconds."""
        shown = (self._what.text(), self._delivery.text(), self._meanwhile.text())
        return say("，").join(filter(None, shown))

    def _lay(self) -> None:
        self._seconds.setFixedWidth(SECONDS_WIDTH)
        for button in (self.undo, self.decide):
            mark(button, place="row")
        tools = (self._seconds, self.undo, self.decide)
        state = hbox(None, self._glyph, self._delivery, (self._meanwhile, 1), *tools, spacing=6)
        lines = laid_out(vbox(None, self._what, state, margins=(PAD, 4, PAD - 6, 2)))
        vbox(self, (lines, 1), self._bar, margins=(1, 1, 1, 1))


class _Told(ElidedText):
    """A text in the size of the body."""

    _size = MEASURES.body


class _Countdown(QWidget):
    """A line that shortens."""

    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self.setFixedHeight(BAR)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float) -> None:
        """Shows how much is left, from 0 to 1."""
        if share != self._share:
            self._share = share
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 0, round(self.width() * self._share), self.height(), colour("ac"))
        painter.end()
