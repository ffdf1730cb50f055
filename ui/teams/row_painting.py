"""Paints the rows of cases and crews; each second only the time in them, unless a light or another word turned."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from commandcenter.domain.cases import Case
from commandcenter.domain.lights import Light
from commandcenter.domain.teams import Crew, CrewStatus
from commandcenter.store.overlay import Delivery
from ui.kit import records
from ui.kit.case_parts.clock import time_text, time_token
from ui.kit.case_parts.deliveries import glyph_of
from ui.kit.tables.row_paint import BAR, RIGHT, secondary_token
from ui.kit.texts import names, times
from ui.kit.texts.glossary import called
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import say, spoken, word
from ui.teams import duty
from ui.teams.duty_painting import CLOCK, Stands, is_told_by_clock, paint_clock, paint_words
from ui.teams.lanes import SEVERAL, Column
from ui.teams.layout import Item, Part
from ui.teams.words import Wording
from ui.theme import MEASURES, colour, icons, paint

PAD = MEASURES.dock_padding
TIME = 58  # pixels for the time of a crew
EDGE = 10  # pixels between a time and the right edge
TAG_EDGE = 4  # between that edge and what a roster says
PLACE = 18  # pixels for the number of a place, or the delivery state of the user's own act
STATUS_AT, LONG_STATUS_AT = 62, 92  # pixels from the left edge of a crew's row to its status; with a unit's name
LIT = 1.5  # pixels of the edge of a status that flashes
LEAST = 5  # characters of where a crew is that are shown together: a case's number
Shape = tuple[str, int, str, Stands]


@dataclass(slots=True)
class Marks:
    """What is marked: the chosen case, the item at which the keyboard is, and the item under the pointer.

    Of the crews in `flashing` the status flashes: it is lit now, or not.
    """

    case: str = ""
    current: tuple[Part, str] | None = None
    hovered: tuple[Part, str] | None = None
    has_focus: bool = False
    folded: frozenset[str] = field(default_factory=frozenset)
    flashing: frozenset[str] = field(default_factory=frozenset)
    is_lit: bool = False


@dataclass(frozen=True, slots=True)
class Timed:
    """The time in a row: what is said in which tone, from which pixel to which, and the words beside it.

    `duty` is how a crew stands to its roster, and in which tone.
    """

    said: str
    token: str
    left: int
    right: int
    light: str
    beside: str = ""
    duty: Stands = ("", "")

    @property
    def shape(self) -> Shape:
        """What has to stay the same for the rest of the row to stay as it is."""
        return self.light, self.left, self.beside, self.duty


class RowPainter:
    """Paints rows as `marks` say; `column` is the column in which a row stands."""

    def __init__(self, wording: Wording, marks: Marks) -> None:
        self._wording, self._marks = wording, marks
        self._painted: dict[tuple[Part, str], Shape] = {}  # the shapes as they are on the screen
        self._told: dict[tuple[Part, str], tuple[object, Timed | None]] = {}  # times, with what they are of

    def forget(self) -> None:
        """Forgets how rows were painted: they stand elsewhere now."""
        self._painted.clear()
        self._told.clear()

    def time_rect(self, rect: QRect, item: Item, column: Column) -> QRect:
        """Returns what has to be painted again in a row: its time, or all of it."""
        timed = self._timed(rect, item, column)
        if timed is None:
            return QRect()
        return _cell(rect, timed) if self._painted.get(item.ref) == timed.shape else rect

    def paint_time(self, painter: QPainter, rect: QRect, item: Item, column: Column) -> None:
        """Paints the time in a row again."""
        timed = self._timed(rect, item, column)
        if timed is not None:
            painter.fillRect(_cell(rect, timed), colour(self._on(item)))
            self._paint_timed(painter, rect, timed, self._on(item))

    def case(self, painter: QPainter, rect: QRect, item: Item, column: Column) -> None:
        """Paints a case: place, light, number, kind, marks and the time left."""
        case, timed = records.find(self._wording.board, Case, item.key), self._timed(rect, item, column)
        on = self.ground(painter, rect, item)
        if case is None or timed is None:
            return
        quiet = secondary_token(on)
        middle, left = rect.top() + rect.height() / 2, rect.left() + BAR
        if not self._delivery(painter, QPointF(left + PLACE / 2 + 2, middle), "case", item.key):
            box = QRect(left, rect.top(), PLACE, rect.height())
            paint.words(painter, box, str(item.place), token=quiet, size=MEASURES.label, align=RIGHT)
        paint.glyph(painter, QPointF(left + PLACE + 11, middle), f"light.{timed.light}", size=11)
        left += PLACE + 20
        number = tail(case)
        paint.words(painter, QRect(left, rect.top(), 56, rect.height()), number, token=quiet, size=MEASURES.label)
        left += paint.text_width(number, MEASURES.label) + 6
        box = QRect(left, rect.top(), timed.left - 4 - left, rect.height())
        self._case_title(painter, self._case_marks(painter, box, case), case, column, quiet)
        self._paint_timed(painter, rect, timed, on)
        self.ring(painter, rect, item)
        self._painted[item.ref] = timed.shape

    def crew(self, painter: QPainter, rect: QRect, item: Item, column: Column) -> None:
        """Paints a crew: name, status, how long, and where it is."""
        crew, timed = records.find(self._wording.board, Crew, item.key), self._timed(rect, item, column)
        on = self.ground(painter, rect, item)
        if crew is None or timed is None:
            return
        middle, quiet = rect.top() + rect.height() / 2, secondary_token(on)
        ink = "tx1" if crew.is_on_duty else quiet
        left = rect.left() + _status_at(column)
        said = called(crew.name) if column.power == SEVERAL else self._wording.crew_name(crew)
        name = QRect(rect.left() + PAD, rect.top(), left - rect.left() - PAD - 4, rect.height())
        paint.words(painter, name, said, token=ink)
        state = QRect(left + 18, rect.top(), _state_width(), rect.height())
        is_long = timed.light == Light.OVERDUE
        if is_long:
            self._ground_of_status(painter, self.status_rect(rect, column), item.key)
        paint.glyph(painter, QPointF(left + 6, middle), f"crew.{crew.status}", size=11)
        said = word("status", crew.status)
        paint.words(painter, state, said, token="bad" if is_long else ink, size=MEASURES.label)
        if timed.light in (Light.SOON, Light.OVERDUE):
            paint.glyph(painter, QPointF(rect.left() + PAD / 2 - 0.5, middle), f"light.{timed.light}", size=8)
        self._paint_timed(painter, rect, timed, on)
        is_pending = self._delivery(painter, QPointF(rect.right() - EDGE, middle), "crew", item.key)
        right = rect.right() - (EDGE + 10 if is_pending else TAG_EDGE)
        box = QRect(timed.right + 8, rect.top(), right - timed.right - 8, rect.height())
        if is_told_by_clock(timed.duty, box):
            least = float("inf") if is_long else state.left() + paint.text_width(said, MEASURES.label)
            paint_clock(painter, timed.duty[1], (timed.left, timed.right), QPointF(right, middle), least)
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
        self.ring(painter, rect, item)
        self._painted[item.ref] = timed.shape

    def ground(self, painter: QPainter, rect: QRect, item: Item) -> str:
        """Paints the background and separator of a row; returns the background's token."""
        on, box = self._on(item), rect.adjusted(0, 0, -1, 0)
        painter.fillRect(box, colour(on))
        paint.hairline(painter, box.left(), rect.bottom(), box.right() + 1, rect.bottom())
        if on == "sel":
            painter.fillRect(QRect(box.left(), box.top(), BAR, box.height() - 1), colour("ac"))
        return on

    def ring(self, painter: QPainter, rect: QRect, item: Item) -> None:
        """Paints that the keyboard is here."""
        if self._marks.has_focus and self._marks.current == item.ref:
            for edge in (rect.top(), rect.bottom() - 1):
                painter.fillRect(QRect(rect.left(), edge, rect.width() - 1, 2), colour("ac"))

    def status_rect(self, rect: QRect, column: Column) -> QRect:
        """Returns the part of a crew's row with its status."""
        left = rect.left() + _status_at(column) - 4
        right = min(left + 4 + 18 + _state_width() + 6, _time_left(rect, column) - 1)
        return QRect(left, rect.top() + 2, right - left, rect.height() - 5)

    def _ground_of_status(self, painter: QPainter, box: QRect, crew: str) -> None:
        """Paints that a status lasts too long: a tinted chip; of one that flashes with an edge while lit, else none."""
        flashes = crew in self._marks.flashing
        if flashes and not self._marks.is_lit:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("badg"), LIT) if flashes else Qt.PenStyle.NoPen)
        painter.setBrush(colour("badb"))
        shape = QRectF(box).adjusted(LIT, LIT, -LIT, -LIT) if flashes else QRectF(box)
        painter.drawRoundedRect(shape, MEASURES.chip_radius, MEASURES.chip_radius)
        painter.restore()

    def _on(self, item: Item) -> str:
        if item.part is Part.CASE and item.key == self._marks.case:
            return "sel"
        return "hover" if self._marks.hovered == item.ref else "bg1"

    def _timed(self, rect: QRect, item: Item, column: Column) -> Timed | None:
        """Returns the time in a row now; None for a record that is no longer there."""
        case = records.find(self._wording.board, Case, item.key) if item.part is Part.CASE else None
        crew = None if case is not None else records.find(self._wording.board, Crew, item.key)
        stamp = (case, crew, self._wording.clock.now, rect.left(), rect.right(), spoken())
        if self._told.get(item.ref, ())[:1] != (stamp,):
            timed = None
            if case is not None:
                timed = self._case_timed(rect, case)
            elif crew is not None:
                timed = self._crew_timed(rect, crew, column)
            self._told[item.ref] = stamp, timed
        return self._told[item.ref][1]

    def _case_timed(self, rect: QRect, case: Case) -> Timed:
        clock = self._wording.clock
        standing = clock.standing(case)
        said = time_text(standing, case, clock.now)
        token = "tx3" if standing.left is None else time_token(standing)
        right = rect.right() - EDGE
        return Timed(said, token, right - paint.text_width(said) - 1, right, standing.light)

    def _crew_timed(self, rect: QRect, crew: Crew, column: Column) -> Timed:
        said, light = self._wording.stay(crew)
        rest = "tx2" if crew.is_on_duty else "tx3"
        token = {Light.SOON: "warn", Light.OVERDUE: "bad"}.get(light, rest)
        left = _time_left(rect, column)
        shown = said if crew.is_on_duty else times.UNKNOWN
        stands = duty.tag(self._wording.board, crew, self._wording.clock.now)
        return Timed(shown, token, left, left + TIME - 4, light, self._wording.whereabouts(crew), stands)

    def _paint_timed(self, painter: QPainter, rect: QRect, timed: Timed, on: str) -> None:
        token = secondary_token(on) if timed.token == "tx3" else timed.token
        cell = QRect(timed.left, rect.top(), timed.right - timed.left + 1, rect.height())
        paint.words(painter, cell, timed.said, token=token, align=RIGHT)

    def _case_marks(self, painter: QPainter, box: QRect, case: Case) -> QRect:
        """Paints at the right what is open about a case and whether its place was given by hand; returns the rest."""
        middle = box.top() + box.height() / 2
        if case.application is not None:
            paint.glyph(painter, QPointF(box.right() - 4, middle), "light.needs_you", size=10)
            box.setRight(box.right() - 12)
        if case.queued_as is not None:
            sign = icons.pixmap("grip-vertical", "tx2", 12, painter.device().devicePixelRatioF())
            painter.drawPixmap(QPointF(box.right() - 12, middle - 6), sign)
            box.setRight(box.right() - 14)
        return box

    def _case_title(self, painter: QPainter, box: QRect, case: Case, column: Column, quiet: str) -> None:
        """Paints the kind, and in a column of several units first whose the case is."""
        if column.power == SEVERAL and case.responsible:
            unit = self._wording.power(case.responsible)
            paint.words(painter, box, unit, token=quiet, size=MEASURES.label)
            box.setLeft(box.left() + paint.text_width(unit, MEASURES.label) + 6)
        paint.words(painter, box, names.title(self._wording.board, case))

    def _delivery(self, painter: QPainter, spot: QPointF, kind: str, key: str) -> bool:
        """Paints the delivery state of the user's own act on a record while it is under way; returns whether it is."""
        delivery = self._wording.board.delivery(kind, key)
        if delivery is not Delivery.DONE:
            paint.glyph(painter, spot, glyph_of(delivery), size=11)
        return delivery is not Delivery.DONE


def _cell(rect: QRect, timed: Timed) -> QRect:
    """Returns the time's part of a row, without the ring and the separator."""
    return QRect(timed.left, rect.top() + 2, timed.right - timed.left + 1, rect.height() - 4)


def _status_at(column: Column) -> int:
    return LONG_STATUS_AT if column.power == SEVERAL else STATUS_AT


def _time_left(rect: QRect, column: Column) -> int:
    """Returns where the time of a crew begins: behind the status, or so that it ends in the row."""
    return min(rect.left() + _status_at(column) + 18 + _state_width() + 8, rect.right() - EDGE - TIME + 4)


def _state_width() -> int:
    """Returns the width of the longest status, so that all times stand below one another."""
    return max(paint.text_width(word("status", one), MEASURES.label) for one in CrewStatus)
