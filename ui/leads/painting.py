"""Paints the heads and cards of the board; each second only the lines with a time, unless a light has turned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter, QPen, QRegion

from commandcenter.domain.cases import Case
from commandcenter.store.overlay import Delivery
from ui.kit.case_parts.deliveries import glyph_of
from ui.kit.tables.row_paint import BAR, RIGHT, secondary_token
from ui.kit.texts import names
from ui.kit.texts.numbers import shared_tails, told_apart
from ui.leads.columns import STAGES, Column
from ui.leads.layout import INSET, LEAD, RIM, ROW, TASK, Slot
from ui.leads.wording import Line, Wording
from ui.theme import MEASURES, colour, icons, paint

SIGN, LIGHT = 16, 14  # pixels for a glyph or an icon before a text, and for the light before a number
GAP, NEAR = 6, 4  # pixels between two texts, and between number and time
LEAST = 8  # characters of a place that are shown before its street
LEAST_NAME, SAID = 44, 0.55  # pixels of a name, and the share of a line that what is said has if need be
EDGES = {"on_time": "ln2", "soon": "warng", "overdue": "badg", "paused": "paug", "none": "ln2"}
HEAD_PAD = 10


@dataclass(slots=True)
class Marks:
    """What is marked: the case at which the user is, the one under the pointer, and whether the keyboard is here."""

    case: str = ""
    hovered: str = ""
    has_focus: bool = False


class _Said(NamedTuple):
    """What of a card changes with time: its light, its time with the token, and its lines, that of the lead first."""

    light: str
    time: tuple[str, str]
    lines: tuple[Line, ...]


class BoardPainter:
    """Paints `columns` under a `tab`, as `marks` say."""

    def __init__(self, wording: Wording) -> None:
        self.columns: tuple[Column, ...] = ()
        self.tab = STAGES
        self.marks = Marks()
        self._wording = wording
        self._shared: frozenset[str] = frozenset()
        self._painted: dict[str, _Said] = {}  # by case, as it is on the screen

    def show(self, columns: tuple[Column, ...], tab: str) -> None:
        """Takes other columns; of cases with the same short number the day is told too."""
        cases = (self._wording.case(card.id) for column in columns for card in column.cards)
        shared = shared_tails(case for case in cases if case is not None)
        if shared != self._shared:
            self.forget()
        self.columns, self.tab, self._shared = columns, tab, shared

    def forget(self) -> None:
        """Forgets what was painted where: everything is painted again."""
        self._painted.clear()

    def head(self, painter: QPainter, rect: QRect, number: int) -> None:
        """Paints the head of a column: title, count, and what is said of all its cases."""
        column = self.columns[number]
        painter.fillRect(rect, colour("bg2"))
        paint.hairline(painter, rect.left(), rect.bottom(), rect.right() + 1, rect.bottom(), token="ln2")
        box = rect.adjusted(HEAD_PAD, 7, -HEAD_PAD, 0)
        box.setHeight(ROW)
        count = f"{len(column.cards):,}"
        paint.words(painter, box, count, token="tx2", size=MEASURES.section, align=RIGHT)
        room = box.adjusted(0, 0, -paint.text_width(count, MEASURES.section) - 6, 0)
        paint.words(painter, room, self._wording.title(column, self.tab), size=MEASURES.section, bold=True)
        said, token = self._wording.hint(column, self.tab)
        if paint.text_width(said, MEASURES.label) > box.width():
            said, token = self._wording.hint(column, self.tab, brief=True)
        paint.words(painter, box.translated(0, ROW), said, token=token, size=MEASURES.label)

    def time_region(self, rect: QRect, slot: Slot) -> QRegion:
        """Returns what has to be painted again in a card when a second has passed."""
        case = self._wording.case(slot.card.id)
        was = self._painted.get(slot.card.id)
        if case is None or was is None:
            return QRegion(rect)
        said = self._said(case)
        if (was.light, len(was.lines)) != (said.light, len(said.lines)):
            return QRegion(rect)
        inside = rect.adjusted(BAR + 1, 0, -2, 0)
        region = QRegion(inside.adjusted(0, 2, 0, RIM + ROW - 2 - rect.height()))
        region = QRegion() if was.time == said.time else region
        for top, before, now in zip(_tops(len(said.lines)), was.lines, said.lines, strict=True):
            if before != now:
                region += QRect(inside.left(), rect.top() + top, inside.width(), TASK)
        return region

    def card(self, painter: QPainter, rect: QRect, slot: Slot, region: QRegion) -> None:
        """Paints what lies within `region` of a card in `rect`."""
        case = self._wording.case(slot.card.id)
        on = self._ground(painter, rect, slot, case)
        if case is None:
            return
        said = self._painted[case.id] = self._said(case)
        box = rect.adjusted(BAR + INSET, RIM - 2, -INSET, 0)
        box.setHeight(ROW)
        rows = [box.translated(0, at * ROW) for at in range(3)]
        if region.intersects(rows[0]):
            self._first(painter, rows[0], case, said, on)
        for row, draw in zip(rows[1:], (self._title, self._place), strict=True):
            if region.intersects(row):
                draw(painter, row, case, on)
        for top, line in zip(_tops(len(said.lines)), said.lines, strict=True):
            row = QRect(box.left(), rect.top() + top, box.width(), ROW)
            if region.intersects(row):
                self._line(painter, row, line, on)
        foot = QRect(box.left(), rect.bottom() - RIM - ROW + 6, box.width(), ROW)
        if region.intersects(foot):
            self._foot(painter, foot, case, on)

    def _ground(self, painter: QPainter, rect: QRect, slot: Slot, case: Case | None) -> str:
        marks, key = self.marks, slot.card.id
        on = "sel" if key == marks.case else "hover" if key == marks.hovered else "bg1"
        frame = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
        is_current = key == marks.case and marks.has_focus
        painter.setPen(QPen(colour("ac" if key == marks.case else "ln1"), 1))
        painter.setBrush(colour(on))
        painter.drawRect(frame)
        if is_current:
            painter.drawRect(frame.adjusted(1, 1, -1, -1))
        light = "none" if case is None or not case.is_open else self._wording.light(case)
        edge = "viog" if slot.card.is_conflict else EDGES.get(light, "ln2")
        painter.fillRect(QRect(rect.left(), rect.top(), BAR, rect.height()), colour(edge))
        return on

    def _said(self, case: Case) -> _Said:
        lines = (self._wording.lead(case), *self._wording.lines(case))
        return _Said(self._wording.light(case), self._wording.time(case), lines)

    def _first(self, painter: QPainter, box: QRect, case: Case, shown: _Said, on: str) -> None:
        """Paints the light, the number, whether an own act is on its way, and the time left: whole in any column."""
        centre = QPointF(box.left() + 6, box.center().y() + 0.5)
        paint.glyph(painter, centre, f"light.{shown.light}")
        delivery = self._wording.board.delivery("case", case.id)
        is_pending = delivery is not Delivery.DONE
        number = told_apart(case, self._shared, year=self._wording.clock.year)
        said, token = shown.time
        token, bold = secondary_token(on) if token == "tx3" else token, token in ("warn", "bad")
        room = box.width() - LIGHT - NEAR - (SIGN if is_pending else 0)
        if paint.text_width(number, MEASURES.note) + paint.text_width(said, bold=bold) > room:
            said = self._wording.brief_time(case)
        size = _largest(number, room - paint.text_width(said, bold=bold))
        paint.words(painter, box.adjusted(LIGHT, 0, 0, 0), number, token="tx2", size=size)
        if is_pending:
            left = box.left() + LIGHT + paint.text_width(number, size) + 10
            paint.glyph(painter, QPointF(left, centre.y()), glyph_of(delivery), size=11)
        paint.words(painter, box, said, token=token, bold=bold, align=RIGHT)

    def _title(self, painter: QPainter, box: QRect, case: Case, _on: str) -> None:
        paint.words(painter, box, names.title(self._wording.board, case), bold=True)

    def _place(self, painter: QPainter, box: QRect, case: Case, on: str) -> None:
        """Paints place and street; the street, its type first, gives way to the first characters of the place."""
        street, place, size = self._wording.street(case), self._wording.place(case), MEASURES.label
        least = paint.text_width(place[:LEAST], size)
        told = (f" · {one}" for one in (street, names.without_type(street)) if one)
        after = next((one for one in told if box.width() - paint.text_width(one, size) >= least), "")
        room, token = box.width() - paint.text_width(after, size), secondary_token(on)
        paint.words(painter, QRect(box.left(), box.top(), room, box.height()), place, token=token, size=size)
        rest = box.adjusted(min(room, paint.text_width(place, size)), 0, 1, 0)
        paint.words(painter, rest, after, token=token, size=size)

    def _line(self, painter: QPainter, row: QRect, line: Line, on: str) -> None:
        """Paints a body: the state of its part, its name, and at the right its time or word."""
        left, middle = row.left(), row.center().y() + 0.5
        if line.glyph:
            paint.glyph(painter, QPointF(left + 6, middle), line.glyph, size=11)
            left += SIGN
        if line.icon:
            tone = "vio" if line.icon == "megaphone" else "warn" if line.tone == "warn" else "ac"
            drawn = icons.pixmap(line.icon, tone, 14, painter.device().devicePixelRatioF())
            painter.drawPixmap(QPointF(left - 1, middle - 7), drawn)
            left += SIGN
        quiet = secondary_token(on)
        token, size = (quiet if line.token == "tx3" else line.token), MEASURES.label
        strong = line.strong and line.token in ("warn", "bad")
        room = row.right() - left
        most = max(room - LEAST_NAME, round(room * SAID))
        is_crowded = paint.text_width(line.name, size) + GAP + paint.text_width(line.said, size, strong) > room
        told = (is_crowded and line.said_briefly) or line.said
        wide = min(paint.text_width(told, size, strong), most)
        said = row.adjusted(row.width() - wide - 1, 0, 0, 0)
        paint.words(painter, said, told, token=token, size=size, bold=strong, align=RIGHT)
        self._name(painter, QRect(left, row.top(), max(0, room - wide - GAP), row.height()), line, quiet)

    def _name(self, painter: QPainter, box: QRect, line: Line, quiet: str) -> None:
        """Paints the name of a body, smaller or briefly where there is little room."""
        strong, label = line.strong and line.tone == "tx1", MEASURES.label
        sizes = ((line.name, MEASURES.body if strong else label), (line.name, label), (line.brief or line.name, label))
        fitting = (one for one in sizes if paint.text_width(*one, strong) <= box.width())
        called, size = next(fitting, sizes[-1])
        box.setWidth(box.width() + 1)  # a text is up to half a pixel wider than its rounded width
        paint.words(painter, box, called, token=quiet if line.tone == "tx3" else line.tone, size=size, bold=strong)

    def _foot(self, painter: QPainter, box: QRect, case: Case, on: str) -> None:
        hops, objecting = self._wording.foot(case)
        paint.words(painter, box, hops, token=secondary_token(on), size=MEASURES.label)
        if objecting:
            left = box.left() + (paint.text_width(hops, MEASURES.label) + 10 if hops else 0)
            paint.words(painter, box.adjusted(left - box.left(), 0, 0, 0), objecting, token="vio", size=MEASURES.label)


def _largest(text: str, room: int) -> int:
    """Returns the largest size of type in which a text has room; the smallest where it has none."""
    sizes = (MEASURES.body, MEASURES.label, MEASURES.note)
    return next((size for size in sizes if paint.text_width(text, size) <= room), sizes[-1])


def _tops(lines: int) -> Iterator[int]:
    """Yields the tops of so many lines, that of the lead first, in pixels below that of the card."""
    yield LEAD
    yield from (LEAD + 2 + TASK * at for at in range(1, lines))
