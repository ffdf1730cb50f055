"""Paints the items of the lanes; each painter gets the item's rectangle in the viewport and reads the board."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPainter

from commandcenter.domain.people import Relation
from ui.kit.tables.row_paint import RIGHT
from ui.kit.texts.words import say, word
from ui.teams.case_painting import NUMBER_AT
from ui.teams.lanes import WAITING, Column, Lane
from ui.teams.layout import Item, Part
from ui.teams.reading import Counts
from ui.teams.row_painting import Marks, RowPainter
from ui.teams.timed import PAD
from ui.teams.words import Wording
from ui.theme import MEASURES, colour, icons, paint

TITLE, FIGURE = 140, 76  # pixels for a lane's title and for each of its figures, so that they stand in columns
TEAM = 110  # pixels for the name of a street's team
NARROW = 210  # pixels of width below which a column leaves out what is said elsewhere
FIGURES = (("open", "在办", "tx1"), ("soon", "将超期", "warn"), ("overdue", "超期", "bad"), ("returned", "退回", "vio"))
TIMED = frozenset({Part.CASE, Part.CREW})  # the rows with a time


class LanePainter:
    """Paints items of `lanes`, which are by "streets" or "powers"; `marks` are those of the moment."""

    def __init__(self, wording: Wording) -> None:
        self.lanes: tuple[Lane, ...] = ()
        self.by = "streets"
        self.marks = Marks()
        self._wording = wording
        self._rows = RowPainter(wording, self.marks)
        self._painters: dict[Part, Callable[[QPainter, QRect, Item], None]] = {
            Part.LANE: self._lane,
            Part.HEAD: self._head,
            Part.COUNTS: self._counts,
            Part.QUEUE: self._queue,
            Part.TEAM: self._team,
            Part.CASE: self._row,
            Part.MORE: self._more,
            Part.CREW: self._row,
            Part.NOTE: self._note,
        }

    def paint(self, painter: QPainter, rect: QRect, item: Item, area: QRect) -> None:
        """Paints what lies within `area` of one item in `rect`."""
        time = self._rows.time_rect(rect, item, self._column(item)) if item.part in TIMED else rect
        if time != rect and time.contains(area):  # or the row was not painted yet, of which a part may be out of view
            self._rows.paint_time(painter, rect, item, self._column(item))
        else:
            self._painters[item.part](painter, rect, item)

    def forget(self) -> None:
        """Forgets what was painted where: everything is painted again."""
        self._rows.forget()

    def time_rect(self, rect: QRect, item: Item) -> QRect:
        """Returns the part of an item's rectangle that changes each second; an empty one when nothing does."""
        if item.part in TIMED:
            return self._rows.time_rect(rect, item, self._column(item))
        has_tag = item.part is Part.LANE and bool(self.lanes[item.lane].gaps)
        return rect.adjusted(rect.width() // 2, 0, 0, 0) if has_tag else QRect()

    def status_rect(self, rect: QRect, item: Item) -> QRect:
        """Returns the part of a crew's rectangle with its status."""
        return self._rows.status_rect(rect, self._column(item))

    def _column(self, item: Item) -> Column:
        return self.lanes[item.lane].columns[item.column]

    def _row(self, painter: QPainter, rect: QRect, item: Item) -> None:
        self._rows.row(painter, rect, item, self._column(item))

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
        team = self._wording.team(lane, by=self.by)
        wide = paint.text_width(title, MEASURES.section, True) + 14
        left = box.left() + (max(TITLE, wide) if team is None else max(100, wide))
        if team is not None:
            team = team.removeprefix(title).strip()
            named = max(TEAM, paint.text_width(team, MEASURES.label) + 2)
            self._team_name(painter, QRect(left, rect.top(), named, rect.height()), team)
            left += named + 14
        left = self._lane_counts(painter, QRect(left, rect.top(), rect.right() - left, rect.height()), lane, folded)
        if lane.gaps:
            self._gap_tag(painter, rect, left, lane)
        self._rows.ring(painter, rect, item)

    def _team_name(self, painter: QPainter, box: QRect, team: str) -> None:
        """Paints the name of a street's team without that of the street, or that it has none."""
        if team:
            paint.words(painter, box, team, token="tx2", size=MEASURES.label)
        else:
            paint.chip(painter, box.left(), box.top() + box.height() / 2, say("没有执法队"), kind="filter")

    def _gap_tag(self, painter: QPainter, rect: QRect, left: int, lane: Lane) -> None:
        """Paints who is missing: a power that every street must have stands out, of the others one is told."""
        first = tuple(gap for gap in lane.gaps if gap.is_needed)
        gaps, end = first or lane.gaps, rect.right() - PAD
        kind, mark = ("bad", "light.overdue") if first else ("plain", "light.soon")
        for most in range(len(gaps), 0, -1):  # as many names as have room
            said = self._wording.gap_tag(gaps, by=self.by, most=most)
            start = end - paint.chip_width(said, mark=mark)
            if start > left:
                break
        if start > left:
            paint.chip(painter, start, rect.top() + rect.height() / 2, said, kind=kind, mark=mark)

    def _lane_counts(self, painter: QPainter, box: QRect, lane: Lane, folded: bool) -> int:
        """Paints the figures of a lane on its line, more of them when it is folded; returns where they end."""
        told = [(self._wording.open_cases(lane), "tx2"), (say("在岗 {n} 组", n=lane.on_duty), "tx2")]
        for name, label, tone in FIGURES[1:] if folded else ():
            number = getattr(lane.counts, name)
            told.append((f"{say(label)} {number}", tone if number else "tx3"))
        for text, tone in told:
            paint.words(painter, box, text, token=tone, size=MEASURES.label)
            box.setLeft(box.left() + max(FIGURE, paint.text_width(text, MEASURES.label) + 16))
        return box.left()

    def _head(self, painter: QPainter, rect: QRect, item: Item) -> None:
        column = self._column(item)
        paint.hairline(painter, rect.left(), rect.top(), rect.right() + 1, rect.top())
        box, middle = self._inside(rect), rect.top() + rect.height() / 2
        title = self._wording.column(column, by=self.by)
        paint.words(painter, box, title, bold=True)
        left = box.left() + paint.text_width(title, MEASURES.body, True) + 8
        relation = self._wording.relation(column)
        if self._wording.is_outside(column):
            left += paint.chip(painter, left, middle, say("队外"), kind="plain")
        elif relation is not None and rect.width() >= NARROW:
            kind = "stage" if relation is Relation.ASSIGNS else "filter"
            said = word("relation", relation, short=True)
            left += paint.chip(painter, left, middle, said, kind=kind)
        if column.power != WAITING:
            duty = say("在岗 {on}/{all}", on=column.on_duty, all=column.all_crews)
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
            shown = say("件") if name == "open" and self._column(item).power == WAITING else say(label)
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

    def _more(self, painter: QPainter, rect: QRect, item: Item) -> None:
        self._rows.ground(painter, rect, item)
        box = rect.adjusted(NUMBER_AT, 0, -PAD, 0)
        paint.words(painter, box, say("另 {n} 件", n=item.place), token="ac", size=MEASURES.label)
        self._rows.ring(painter, rect, item)

    def _note(self, painter: QPainter, rect: QRect, item: Item) -> None:
        column = self._column(item)
        if item.key == "no_crew":
            said = say("没有符合的队组") if column.all_crews else say("没有队组")
        else:
            said = say("没有待派案件") if column.power == WAITING else say("没有在办案件")
        paint.words(painter, self._inside(rect), said, token="tx3", size=MEASURES.label)

    def _inside(self, rect: QRect) -> QRect:
        return rect.adjusted(PAD, 0, -PAD, 0)
