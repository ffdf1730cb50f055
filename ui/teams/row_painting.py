"""Paints the rows of cases and crews; each second only the time in them, unless a light or another word turned."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from commandcenter.domain.cases import Case
from commandcenter.domain.lights import Light
from commandcenter.domain.teams import Crew
from ui.kit import records
from ui.kit.tables.row_paint import BAR, secondary_token
from ui.kit.texts.words import spoken
from ui.teams.case_painting import CasePainter
from ui.teams.crew_painting import CrewPainter
from ui.teams.lanes import Column
from ui.teams.layout import Item, Part
from ui.teams.timed import Shape, Timed
from ui.teams.words import Wording
from ui.theme import colour, paint


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


class RowPainter:
    """Paints rows as `marks` say; `column` is the column in which a row stands."""

    def __init__(self, wording: Wording, marks: Marks) -> None:
        self._wording, self._marks = wording, marks
        self._cases, self._crews = CasePainter(wording), CrewPainter(wording)
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
        return timed.cell(rect) if self._painted.get(item.ref) == timed.shape else rect

    def status_rect(self, rect: QRect, column: Column) -> QRect:
        """Returns the part of a crew's row with its status."""
        return self._crews.status_rect(rect, column)

    def paint_time(self, painter: QPainter, rect: QRect, item: Item, column: Column) -> None:
        """Paints the time in a row again."""
        timed = self._timed(rect, item, column)
        if timed is not None:
            painter.fillRect(timed.cell(rect), colour(self._on(item)))
            timed.paint(painter, rect, self._on(item))

    def row(self, painter: QPainter, rect: QRect, item: Item, column: Column) -> None:
        """Paints a case or a crew; of one that is no longer there its ground."""
        record, timed = self._record(item), self._timed(rect, item, column)
        on = self.ground(painter, rect, item)
        if record is None or timed is None:
            return
        if isinstance(record, Case):
            self._cases.paint(painter, rect, record, item.place, column, timed, secondary_token(on))
        else:
            if timed.light == Light.OVERDUE:
                flashes = record.id in self._marks.flashing
                box = self._crews.status_rect(rect, column)
                self._crews.paint_long(painter, box, flashes=flashes, is_lit=self._marks.is_lit)
            self._crews.paint(painter, rect, record, column, timed, secondary_token(on))
        timed.paint(painter, rect, on)
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

    def _on(self, item: Item) -> str:
        if item.part is Part.CASE and item.key == self._marks.case:
            return "sel"
        return "hover" if self._marks.hovered == item.ref else "bg1"

    def _record(self, item: Item) -> Case | Crew | None:
        board = self._wording.board
        return records.find(board, Case, item.key) if item.part is Part.CASE else records.find(board, Crew, item.key)

    def _timed(self, rect: QRect, item: Item, column: Column) -> Timed | None:
        """Returns the time in a row now; None for a record that is no longer there."""
        record = self._record(item)
        stamp = (record, self._wording.clock.now, rect.left(), rect.right(), spoken())
        if self._told.get(item.ref, ())[:1] != (stamp,):
            timed = None
            if isinstance(record, Case):
                timed = self._cases.timed(rect, record)
            elif record is not None:
                timed = self._crews.timed(rect, record, column)
            self._told[item.ref] = stamp, timed
        return self._told[item.ref][1]
