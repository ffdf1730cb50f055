"""Paints the items of the lanes; each painter gets the item's rectangle in the viewport and reads the board."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPainter

from commandcenter.domain.cases import Case
from commandcenter.domain.lights import Light
from commandcenter.domain.people import Relation
from commandcenter.domain.teams import FOUR_POWERS, Crew, CrewStatus
from commandcenter.store.overlay import Delivery
from ui.kit import records
from ui.kit.case_parts.clock import time_text
from ui.kit.case_parts.deliveries import glyph_of
from ui.kit.tables.row_paint import BAR, RIGHT, secondary_token
from ui.kit.texts import names, times
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import say, word
from ui.teams.lanes import SEVERAL, WAITING, Column, Lane
from ui.teams.layout import Item, Part
from ui.teams.reading import Counts
from ui.teams.words import Wording
from ui.theme import MEASURES, colour, icons, paint

PAD = MEASURES.dock_padding
TIME = 58  # pixels at the right of a case's row for its time, and in a crew's row
EDGE = 10  # pixels between a time and the right edge
PLACE = 18  # pixels for the number of a place, or the delivery state of the user's own act
STATUS_AT, LONG_STATUS_AT = 62, 92  # pixels from the left edge of a crew's row to its status; with a unit's name
LEAST = 5  # characters of where a crew is that are shown together: a case's number
NARROW = 210  # pixels of width below which a column leaves out what is said elsewhere
FIGURES = (("open", "在办", "tx1"), ("soon", "将超期", "warn"), ("overdue", "超期", "bad"), ("returned", "退回", "vio"))


@dataclass(slots=True)
class Marks:
    """What is marked: the chosen case, the item at which the keyboard is, and the item under the pointer."""

    case: str = ""
    current: tuple[Part, str] | None = None
    hovered: tuple[Part, str] | None = None
    has_focus: bool = False
    folded: frozenset[str] = field(default_factory=frozenset)


class LanePainter:
    """Paints items of `lanes`, which are by "streets" or "powers"; `marks` are those of the moment."""

    def __init__(self, wording: Wording) -> None:
        self.lanes: tuple[Lane, ...] = ()
        self.by = "streets"
        self.marks = Marks()
        self._wording = wording
        self._painters: dict[Part, Callable[[QPainter, QRect, Item], None]] = {
            Part.LANE: self._lane,
            Part.HEAD: self._head,
            Part.COUNTS: self._counts,
            Part.QUEUE: self._queue,
            Part.TEAM: self._team,
            Part.CASE: self._case,
            Part.MORE: self._more,
            Part.CREW: self._crew,
            Part.NOTE: self._note,
        }

    def paint(self, painter: QPainter, rect: QRect, item: Item) -> None:
        """Paints one item in `rect`."""
        self._painters[item.part](painter, rect, item)

    def time_rect(self, rect: QRect, item: Item) -> QRect:
        """Returns the part of an item's rectangle that changes each second; an empty one when nothing does."""
        if item.part is Part.CASE:
            return rect.adjusted(PLACE, 0, 0, 0)  # a longer time takes room from the title, and lights turn
        if item.part is Part.CREW:
            return rect.adjusted(STATUS_AT, 0, 0, 0)
        has_tag = item.part is Part.LANE and bool(self.lanes[item.lane].gaps)
        return rect.adjusted(rect.width() // 2, 0, 0, 0) if has_tag else QRect()

    def _column(self, item: Item) -> Column:
        return self.lanes[item.lane].columns[item.column]

    def _lane(self, painter: QPainter, rect: QRect, item: Item) -> None:
        lane, marks = self.lanes[item.lane], self.marks
        folded, middle = lane.id in marks.folded, rect.top() + rect.height() / 2
        painter.fillRect(rect, colour("hover" if marks.hovered == item.ref else "bg2"))
        paint.hairline(painter, rect.left(), rect.top(), rect.right() + 1, rect.top(), token="ln2")
        name, scale = "chevron-right" if folded else "chevron-down", painter.device().devicePixelRatioF()
        sign = icons.pixmap(name, "tx2", 16, scale)
        painter.drawPixmap(QPointF(rect.left() + PAD, middle - 8), sign)
        title = self._wording.lane(lane, by=self.by)
        box = rect.adjusted(PAD + 26, 0, -PAD, 0)
        paint.words(painter, box, title, size=MEASURES.section, bold=True)
        left = box.left() + paint.text_width(title, MEASURES.section, True) + 14
        left = self._lane_counts(painter, QRect(left, rect.top(), rect.right() - left, rect.height()), lane, folded)
        if lane.gaps:
            self._gap_tag(painter, rect, left, lane)
        self._ring(painter, rect, item)

    def _gap_tag(self, painter: QPainter, rect: QRect, left: int, lane: Lane) -> None:
        """Paints who is missing: a gap of the four powers stands out, of the others one is told."""
        first = tuple(gap for gap in lane.gaps if gap.power in FOUR_POWERS)
        said = self._wording.gap_tag(first or lane.gaps, by=self.by)
        kind, mark = ("bad", "light.overdue") if first else ("plain", "light.soon")
        start = rect.right() - PAD - paint.chip_width(said, mark=mark)
        if start > left:
            paint.chip(painter, start, rect.top() + rect.height() / 2, said, kind=kind, mark=mark)

    def _lane_counts(self, painter: QPainter, box: QRect, lane: Lane, folded: bool) -> int:
        """Paints the figures of a lane on its line, more of them when it is folded; returns where they end."""
        told = [(say("在办 {n}", n=lane.counts.open), "tx2"), (say("在岗 {n} 组", n=lane.on_duty), "tx2")]
        for name, label, tone in FIGURES[1:] if folded else ():
            number = getattr(lane.counts, name)
            told.append((f"{say(label)} {number}", tone if number else "tx3"))
        for text, tone in told:
            paint.words(painter, box, text, token=tone, size=MEASURES.label)
            box.setLeft(box.left() + paint.text_width(text, MEASURES.label) + 16)
        return box.left()

    def _head(self, painter: QPainter, rect: QRect, item: Item) -> None:
        column = self._column(item)
        paint.hairline(painter, rect.left(), rect.top(), rect.right() + 1, rect.top())
        box = self._inside(rect)
        title = self._wording.column(column, by=self.by)
        paint.words(painter, box, title, bold=True)
        left = box.left() + paint.text_width(title, MEASURES.body, True) + 8
        relation = self._wording.relation(column)
        if relation is not None and rect.width() >= NARROW:
            kind = "stage" if relation is Relation.ASSIGNS else "filter"
            said = word("relation", relation, short=True)
            left += paint.chip(painter, left, rect.center().y() + 0.5, said, kind=kind)
        if column.power != WAITING:
            duty = say("在岗 {on}/{all}", on=column.on_duty, all=len(column.crews))
            box.setLeft(left + 4)
            paint.words(painter, box, duty, token="tx3", size=MEASURES.label, align=RIGHT)

    def _counts(self, painter: QPainter, rect: QRect, item: Item) -> None:
        counts: Counts = self._column(item).counts
        box = self._inside(rect)
        step = box.width() / len(FIGURES)
        for at, (name, label, tone) in enumerate(FIGURES):
            number = getattr(counts, name)
            cell = QRect(round(box.left() + at * step), box.top(), round(step), 22)
            token = tone if number else "tx3"
            paint.words(painter, cell, f"{number:,}", token=token, size=MEASURES.section, bold=bool(number))
            cell.translate(0, 20)
            cell.setHeight(18)
            shown = say("待派") if name == "open" and self._column(item).power == WAITING else say(label)
            paint.words(painter, cell, shown, token="tx3", size=MEASURES.note)

    def _queue(self, painter: QPainter, rect: QRect, item: Item) -> None:
        column = self._column(item)
        placed = say("手排 {n} 件", n=column.by_hand) if column.by_hand else say("按余时")
        said = say("最急在前") if column.power == WAITING else placed
        self._subhead(painter, rect, say("队列"), said)

    def _team(self, painter: QPainter, rect: QRect, item: Item) -> None:
        self._subhead(painter, rect, say("队组"), say("状态已持续"))

    def _subhead(self, painter: QPainter, rect: QRect, name: str, aside: str) -> None:
        painter.fillRect(rect.adjusted(0, 0, -1, 0), colour("bg2"))
        box = self._inside(rect)
        paint.words(painter, box, name, token="tx3", size=MEASURES.note)
        box.setLeft(box.left() + paint.text_width(name, MEASURES.note) + 8)
        paint.words(painter, box, aside, token="tx3", size=MEASURES.note, align=RIGHT)

    def _case(self, painter: QPainter, rect: QRect, item: Item) -> None:
        case = records.find(self._wording.board, Case, item.key)
        on = self._ground(painter, rect, item, chosen=item.key == self.marks.case)
        if case is None:
            return
        standing, quiet = self._wording.clock.standing(case), secondary_token(on)
        middle, left = rect.top() + rect.height() / 2, rect.left() + BAR
        if not self._delivery(painter, QPointF(left + PLACE / 2 + 2, middle), "case", item.key):
            box = QRect(left, rect.top(), PLACE, rect.height())
            paint.words(painter, box, str(item.place), token=quiet, size=MEASURES.label, align=RIGHT)
        paint.glyph(painter, QPointF(left + PLACE + 11, middle), f"light.{standing.light}", size=11)
        left += PLACE + 20
        number = tail(case)
        paint.words(painter, QRect(left, rect.top(), 56, rect.height()), number, token=quiet, size=MEASURES.label)
        left += paint.text_width(number, MEASURES.label) + 6
        told = time_text(standing, case, self._wording.clock.now)
        right = rect.right() - EDGE - max(TIME, paint.text_width(told))
        box = QRect(left, rect.top(), right - 4 - left, rect.height())
        if case.application is not None:
            paint.glyph(painter, QPointF(box.right() - 4, middle), "light.needs_you", size=10)
            box.setRight(box.right() - 12)
        if case.queued_as is not None:
            sign = icons.pixmap("grip-vertical", "tx2", 12, painter.device().devicePixelRatioF())
            painter.drawPixmap(QPointF(box.right() - 12, middle - 6), sign)
            box.setRight(box.right() - 14)
        self._case_title(painter, box, case, item, quiet)
        token = "tx3" if standing.left is None else paint.LIGHT_TIME[standing.light]
        cell = QRect(right, rect.top(), rect.right() - EDGE - right + 1, rect.height())
        paint.words(painter, cell, told, token=quiet if token == "tx3" else token, align=RIGHT)
        self._ring(painter, rect, item)

    def _case_title(self, painter: QPainter, box: QRect, case: Case, item: Item, quiet: str) -> None:
        """Paints the kind, and in a column of several units first whose the case is."""
        if self._column(item).power == SEVERAL and case.responsible:
            unit = self._wording.power(case.responsible)
            paint.words(painter, box, unit, token=quiet, size=MEASURES.label)
            box.setLeft(box.left() + paint.text_width(unit, MEASURES.label) + 6)
        paint.words(painter, box, names.title(self._wording.board, case))

    def _more(self, painter: QPainter, rect: QRect, item: Item) -> None:
        self._ground(painter, rect, item)
        box = self._inside(rect).adjusted(PLACE + 16, 0, 0, 0)
        paint.words(painter, box, say("另 {n} 件", n=item.place), token="ac", size=MEASURES.label)
        self._ring(painter, rect, item)

    def _crew(self, painter: QPainter, rect: QRect, item: Item) -> None:
        crew = records.find(self._wording.board, Crew, item.key)
        on = self._ground(painter, rect, item)
        if crew is None:
            return
        middle, quiet = rect.top() + rect.height() / 2, secondary_token(on)
        rests = crew.status is CrewStatus.OFF_DUTY
        column = self._column(item)
        starts = LONG_STATUS_AT if column.power == SEVERAL else STATUS_AT
        name = QRect(rect.left() + PAD, rect.top(), starts - PAD - 4, rect.height())
        called = crew.name if column.power == SEVERAL else self._wording.crew_name(crew)
        paint.words(painter, name, called, token=quiet if rests else "tx1")
        left = rect.left() + starts
        paint.glyph(painter, QPointF(left + 6, middle), f"crew.{crew.status}", size=11)
        state = word("status", crew.status)
        box = QRect(left + 18, rect.top(), rect.right() - left - 18, rect.height())
        paint.words(painter, box, state, token=quiet if rests else "tx1", size=MEASURES.label)
        box.setLeft(box.left() + max(paint.text_width(state, MEASURES.label), 26))
        self._crew_time(painter, box, crew, quiet)
        self._delivery(painter, QPointF(rect.right() - EDGE, middle), "crew", item.key)
        self._ring(painter, rect, item)

    def _crew_time(self, painter: QPainter, box: QRect, crew: Crew, quiet: str) -> None:
        """Paints how long the status has lasted, with a shape when it is too long, and where the crew is."""
        stay, light = self._wording.stay(crew)
        token = {Light.SOON: "warn", Light.OVERDUE: "bad"}.get(light, quiet if not crew.is_on_duty else "tx2")
        if light in (Light.SOON, Light.OVERDUE):
            paint.glyph(painter, QPointF(box.left() + 11, box.top() + box.height() / 2), f"light.{light}", size=9)
        cell = QRect(box.left() + 14, box.top(), TIME, box.height())
        paint.words(painter, cell, stay if crew.is_on_duty else times.UNKNOWN, token=token, align=RIGHT)
        box.setLeft(cell.right() + 8)
        box.setRight(box.right() - 4)
        told = self._wording.whereabouts(crew)
        if paint.text_width(told[:LEAST], MEASURES.label) <= box.width():  # a piece of a number would mislead
            paint.words(painter, box, told, token=quiet, size=MEASURES.label)

    def _note(self, painter: QPainter, rect: QRect, item: Item) -> None:
        column = self._column(item)
        if item.key == "no_crew":
            said = say("没有队组")
        else:
            said = say("没有待派案件") if column.power == WAITING else say("没有在办案件")
        paint.words(painter, self._inside(rect), said, token="tx3", size=MEASURES.label)

    def _ground(self, painter: QPainter, rect: QRect, item: Item, *, chosen: bool = False) -> str:
        name = "sel" if chosen else "hover" if self.marks.hovered == item.ref else "bg1"
        box = rect.adjusted(0, 0, -1, 0)
        painter.fillRect(box, colour(name))
        paint.hairline(painter, box.left(), rect.bottom(), box.right() + 1, rect.bottom())
        if chosen:
            painter.fillRect(QRect(box.left(), box.top(), BAR, box.height() - 1), colour("ac"))
        return name

    def _ring(self, painter: QPainter, rect: QRect, item: Item) -> None:
        if self.marks.has_focus and self.marks.current == item.ref:
            for edge in (rect.top(), rect.bottom() - 1):
                painter.fillRect(QRect(rect.left(), edge, rect.width() - 1, 2), colour("ac"))

    def _delivery(self, painter: QPainter, spot: QPointF, kind: str, key: str) -> bool:
        """Paints the delivery state of the user's own act on a record while it is under way; returns whether it is."""
        delivery = self._wording.board.delivery(kind, key)
        if delivery is not Delivery.DONE:
            paint.glyph(painter, spot, glyph_of(delivery), size=11)
        return delivery is not Delivery.DONE

    def _inside(self, rect: QRect) -> QRect:
        return rect.adjusted(PAD, 0, -PAD, 0)
