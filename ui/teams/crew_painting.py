"""Paints the crews of a column: name, status, how long, where each is and how it stands to its roster."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from commandcenter.domain.lights import Light
from commandcenter.domain.teams import Crew, CrewStatus
from ui.kit.texts import times
from ui.kit.texts.glossary import called
from ui.kit.texts.words import say, word
from ui.teams import duty
from ui.teams.duty_painting import CLOCK, is_told_by_clock, paint_clock, paint_words
from ui.teams.lanes import SEVERAL, Column
from ui.teams.timed import EDGE, PAD, Timed, paint_delivery
from ui.teams.words import Wording
from ui.theme import MEASURES, colour, paint

TIME = 58  # pixels for the time of a crew
TAG_EDGE = 4  # between the right edge and what a roster says
STATUS_AT, LONG_STATUS_AT = 62, 92  # pixels from the left edge of a row to the status; with a unit's name
LIT = 1.5  # pixels of the edge of a status that flashes
LEAST = 5  # characters of where a crew is that are shown together: a case's number


class CrewPainter:
    """Paints what stands in the row of a crew, on a ground that is there."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def timed(self, rect: QRect, crew: Crew, column: Column) -> Timed:
        """Returns the time in the row in `rect` as of this second."""
        said, light = self._wording.stay(crew)
        rest = "tx2" if crew.is_on_duty else "tx3"
        token = {Light.SOON: "warn", Light.OVERDUE: "bad"}.get(light, rest)
        left = _time_left(rect, column)
        shown = said if crew.is_on_duty else times.UNKNOWN
        stands = duty.tag(self._wording.board, crew, self._wording.clock.now)
        return Timed(shown, token, left, left + TIME - 4, light, self._wording.whereabouts(crew), stands)

    def status_rect(self, rect: QRect, column: Column) -> QRect:
        """Returns the part of a row with the status."""
        left = rect.left() + _status_at(column) - 4
        right = min(left + 4 + 18 + _state_width() + 6, _time_left(rect, column) - 1)
        return QRect(left, rect.top() + 2, right - left, rect.height() - 5)

    def paint_long(self, painter: QPainter, box: QRect, *, flashes: bool, is_lit: bool) -> None:
        """Paints that a status lasts too long: a tinted chip; of one that flashes with an edge while lit, else none."""
        if flashes and not is_lit:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("badg"), LIT) if flashes else Qt.PenStyle.NoPen)
        painter.setBrush(colour("badb"))
        shape = QRectF(box).adjusted(LIT, LIT, -LIT, -LIT) if flashes else QRectF(box)
        painter.drawRoundedRect(shape, MEASURES.chip_radius, MEASURES.chip_radius)
        painter.restore()

    def paint(self, painter: QPainter, rect: QRect, crew: Crew, column: Column, timed: Timed, quiet: str) -> None:
        """Paints all but the time; `quiet` is the token of what says less."""
        middle, is_long = rect.top() + rect.height() / 2, timed.light == Light.OVERDUE
        ink = "tx1" if crew.is_on_duty else quiet
        left = rect.left() + _status_at(column)
        said = called(crew.name) if column.power == SEVERAL else self._wording.crew_name(crew)
        name = QRect(rect.left() + PAD, rect.top(), left - rect.left() - PAD - 4, rect.height())
        _paint_name(painter, name, said, ink)
        state = QRect(left + 18, rect.top(), _state_width(), rect.height())
        paint.glyph(painter, QPointF(left + 6, middle), f"crew.{crew.status}", size=11)
        said = word("status", crew.status)
        paint.words(painter, state, said, token="bad" if is_long else ink, size=MEASURES.label)
        if timed.light in (Light.SOON, Light.OVERDUE):
            paint.glyph(painter, QPointF(rect.left() + PAD / 2 - 0.5, middle), f"light.{timed.light}", size=8)
        is_pending = paint_delivery(painter, QPointF(rect.right() - EDGE, middle), self._wording.board, "crew", crew.id)
        right = rect.right() - (EDGE + 10 if is_pending else TAG_EDGE)
        ended = state.left() + paint.text_width(said, MEASURES.label)
        box = QRect(timed.right + 8, rect.top(), right - timed.right - 8, rect.height())
        self._beside(painter, box, timed, ended, quiet)

    def _beside(self, painter: QPainter, box: QRect, timed: Timed, ended: int, quiet: str) -> None:
        """Paints how the crew stands to its roster, that its status lasts too long, and where it is, behind the time.

        `ended` is the pixel at which the status ends.
        """
        is_long, end = timed.light == Light.OVERDUE, QPointF(box.left() + box.width(), box.top() + box.height() / 2)
        if is_told_by_clock(timed.duty, box):
            paint_clock(painter, timed.duty.tone, (timed.left, timed.right), end, float("inf") if is_long else ended)
            box = box.adjusted(0, 0, -CLOCK - 2, 0)
        else:
            box = paint_words(painter, box, timed.duty, timed.beside, quiet)
        long = say("超时") if is_long else ""
        if is_long and paint.text_width(long, MEASURES.label) <= box.width():
            paint.words(painter, box, long, token="bad", size=MEASURES.label)
            box.setLeft(box.left() + paint.text_width(long, MEASURES.label) + 6)
        first = timed.beside if len(timed.beside) <= LEAST else f"{timed.beside[:LEAST]}…"
        if paint.text_width(first, MEASURES.label) < box.width() - 1:  # a piece of a number would mislead
            paint.words(painter, box, timed.beside, token=quiet, size=MEASURES.label)


def _paint_name(painter: QPainter, box: QRect, said: str, token: str) -> None:
    """Paints the name of a crew; where it is too wide it is written smaller, and then the number stays: "Env… 1"."""
    size = MEASURES.body if paint.text_width(said) <= box.width() else MEASURES.label
    head, space, number = said.rpartition(" ") if paint.text_width(said, size) > box.width() else (said, "", "")
    rest = paint.text_width(space + number, size) if head else 0
    wide = min(paint.text_width(head, size) + 1, box.width() - rest)
    paint.words(painter, QRect(box.left(), box.top(), wide, box.height()), head, token=token, size=size)
    if number:
        end = QRect(box.left() + wide, box.top(), box.width() - wide, box.height())
        paint.words(painter, end, space + number, token=token, size=size)


def _status_at(column: Column) -> int:
    return LONG_STATUS_AT if column.power == SEVERAL else STATUS_AT


def _time_left(rect: QRect, column: Column) -> int:
    """Returns where the time of a crew begins: behind the status, or so that it ends in the row."""
    return min(rect.left() + _status_at(column) + 18 + _state_width() + 8, rect.right() - EDGE - TIME + 4)


def _state_width() -> int:
    """Returns the width of the longest status, so that all times stand below one another."""
    return max(paint.text_width(word("status", one), MEASURES.label) for one in CrewStatus)
