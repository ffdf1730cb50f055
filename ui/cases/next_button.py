"""The sentence that says what comes next, as a button with its key, or as plain words when nothing is to be done."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QTextLayout

from commandcenter.domain.commands import STEPS
from commandcenter.domain.text import visible
from ui.cases.next_step import Next
from ui.kit.controls.buttons import CalmButton
from ui.kit.labels.spans import LEADING, TextSpan, paragraph
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import say
from ui.theme import MEASURES, paint

SIZE = MEASURES.body
TALL, LINES = 52, 2  # pixels; lines for which that has room
PAD, GAP = 12, 10
EMPTY = Next(lead="")


class NextButton(CalmButton):
    """Shows a sentence on at most two lines: where it has no room the least important reasons are in the tooltip."""

    _next = EMPTY

    def __init__(self) -> None:
        super().__init__(role="seat-primary")
        self.setFixedHeight(TALL)

    @property
    def next(self) -> Next:
        """What it shows."""
        return self._next

    def show_next(self, following: Next) -> None:
        """Shows another sentence; costs nothing when it is the same."""
        if following == self._next:
            return
        self._next = following
        self._key = STEPS[following.step].entry.key if following.step else ""
        self.setEnabled(bool(following.step) and following.why_not is None)
        self.retell()
        self.update()

    def retell(self) -> None:
        self._words = _whole(self._next)
        super().retell()
        self.setToolTip(plain_tip(str(self._words)))

    def sizeHint(self) -> QSize:
        return QSize(240, TALL)

    def _paint_words(self, painter: QPainter, words: str) -> None:
        on = self.isEnabled()
        cap = paint.key_width(self._key) if self._key else 0
        room = self.width() - 2 * PAD - (cap + GAP if cap else 0)
        layout = self._laid(room, ("onac", "onac") if on else ("tx1", "tx2"))
        tall = layout.lineCount() * SIZE * LEADING
        layout.draw(painter, QPointF(PAD, (self.height() - tall) / 2))
        if cap:
            paint.key_cap(painter, self.width() - PAD - cap, self.height() / 2, self._key, on="acf" if on else "bg1")

    def _laid(self, room: int, tones: tuple[str, str]) -> QTextLayout:
        layout = paragraph((), room, SIZE)
        for spans in _shorter(self._next, tones):
            layout = paragraph(spans, room, SIZE)
            if layout.lineCount() <= LINES:
                break
        return layout


def _whole(following: Next) -> str:
    return "".join(span.text for span in next(_shorter(following, ("tx1", "tx1"))))


def _shorter(following: Next, tones: tuple[str, str]) -> Iterator[list[TextSpan]]:
    """Yields the sentence, each time with one reason less."""
    to = f" → {visible(str(following.to))}" if str(following.to) else ""
    comma = say("，")
    for many in range(len(following.reasons), -1, -1):
        said = [visible(str(one)) for one in following.reasons[:many]]
        yield [
            TextSpan(str(following.lead), bold=True, tone=tones[0]),
            TextSpan(to + "".join(comma + one for one in said), tone=tones[1]),
        ]
