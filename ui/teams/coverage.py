"""The panel 职权在岗: how many crews of each power are on duty in each street, and who could move up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from commandcenter.domain.teams import Crew
from commandcenter.recommendation.coverage import Gap, MoveUp
from ui.kit.case_parts.proposal_reasons import Reasons
from ui.kit.labels.label import Retranslated
from ui.kit.layouts import vbox
from ui.kit.panels.headers import DockHeader
from ui.kit.texts import times
from ui.kit.texts.names import without_type
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import Words, phrase, say
from ui.teams.lanes import OWN_COLUMNS
from ui.teams.loans import LoanRow, LoanRows
from ui.teams.reading import Reading
from ui.theme import MEASURES, colour, filled, paint
from ui.theme.paint import text_width

CENTRE, RIGHT = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
ROW = 22  # pixels
HEADS = 3 * ROW - MEASURES.dock_header  # pixels of the titles on at most two lines, so that what scrolls is whole rows
GAP = 4  # pixels beside a figure
SINCE = 58  # pixels for since when nobody is there
SEVERAL = "X"  # the title of the column of several powers
MARK = 13  # pixels for a shape before a word
MOVES = 2  # move-ups that are told at once


@dataclass(frozen=True, slots=True)
class Cell:
    """A street's crews of a power, or of all further ones: on duty, in all, and the powers of which nobody is there."""

    on_duty: int
    crews: int
    gaps: tuple[Gap, ...] = ()

    @property
    def is_bare(self) -> bool:
        """Whether nobody is there with a power that every street must have."""
        return any(gap.is_needed for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class Row:
    """A street with a cell for each column."""

    street: str
    cells: tuple[Cell, ...]

    @property
    def is_bare(self) -> bool:
        """Whether a cell is bare."""
        return any(cell.is_bare for cell in self.cells)

    @property
    def lacks(self) -> bool:
        """Whether anybody is missing."""
        return any(cell.gaps for cell in self.cells)


def coverage(reading: Reading, empty: Sequence[Gap]) -> tuple[Row, ...]:
    """Returns the rows of the table, those with somebody missing first.

    A row has a cell for each of the first powers, and one for all further ones.
    """
    further = reading.powers[OWN_COLUMNS:]
    columns = [(power,) for power in reading.powers[:OWN_COLUMNS]] + ([further] if further else [])
    crews: defaultdict[tuple[str | None, str], list[Crew]] = defaultdict(list)
    for unit in reading.units:
        for crew in reading.crews.get(unit.id, ()):
            crews[crew.street_at(reading.now), unit.power or ""].append(crew)
    rows = [
        Row(street, tuple(_cell(street, powers, crews, empty) for powers in columns))
        for street in reading.streets
        if street
    ]
    return tuple(sorted(rows, key=lambda row: (not row.is_bare, not row.lacks)))


def _cell(
    street: str,
    powers: Sequence[str],
    crews: Mapping[tuple[str | None, str], Sequence[Crew]],
    empty: Sequence[Gap],
) -> Cell:
    there = [crew for power in powers for crew in crews.get((street, power), ())]
    mine = tuple(gap for gap in empty if gap.street == street and gap.power in powers)
    return Cell(sum(crew.is_on_duty for crew in there), len(there), mine)


class CoverageTable(Retranslated, QWidget):
    """Streets by powers as one painted table; where nobody is on duty stands a red diamond and since when."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Row, ...] = ()
        self._titles: tuple[str, ...] = ()
        self._names: dict[str, str] = {}
        self._now = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[Row], reading: Reading, told: Reasons) -> None:
        """Shows the rows as of the reading's moment."""
        further = len(reading.powers) - OWN_COLUMNS
        names = [told.power(power) for power in reading.powers[: OWN_COLUMNS + (further == 1)]]
        before = (self._rows, self._titles)
        self._rows, self._titles = tuple(rows), (*names, SEVERAL)[: len(rows[0].cells) if rows else 0]
        self._names = {row.street: without_type(told.street(row.street)) for row in rows}
        self._now = reading.now.timestamp()
        if before != (self._rows, self._titles):
            self.updateGeometry()
            self.retell()
        self.update()

    def retell(self) -> None:
        said = [self._sentence(row) for row in self._rows if row.lacks]
        self.setAccessibleName(say("职权在岗"))
        self.setAccessibleDescription("；".join(said) or say("处处有人在岗"))
        self.setToolTip(plain_tip("\n".join(said)))

    def sizeHint(self) -> QSize:
        return QSize(200, HEADS + ROW * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rows:
            return
        painter = QPainter(self)
        pad = MEASURES.dock_padding
        named = pad + max((text_width(name, MEASURES.label) for name in self._names.values()), default=0) + 6
        since = QRect(self.width() - pad - SINCE, 0, SINCE, HEADS)
        lefts = self._lefts(named, since.left())
        self._paint_heads(painter, lefts)
        paint.words(painter, since, say("无岗已"), token="tx3", size=MEASURES.note, align=RIGHT)
        for number, row in enumerate(self._rows):
            self._paint_row(painter, row, HEADS + number * ROW, lefts, since)
        painter.end()

    def _lefts(self, first: int, end: int) -> list[int]:
        """Returns the left edges of the columns and the last right one; X has as much as its longest figure needs."""
        own = min(OWN_COLUMNS, len(self._titles))
        further = [row.cells[own] for row in self._rows if len(row.cells) > own]
        wide = [text_width(_told(cell), MEASURES.label) + (MARK if cell.gaps else 0) for cell in further]
        last = max((*wide, (end - first) // (own + 1) - 2 * GAP)) + 2 * GAP if wide else 0
        step = (end - first - last) / max(1, own)
        return [round(first + at * step) for at in range(own + 1)] + ([end] if wide else [])

    def _paint_heads(self, painter: QPainter, lefts: Sequence[int]) -> None:
        """Paints the titles whole: on one line, or by turns on two where one is wider than its column."""
        texts = [text_width(title, MEASURES.note) + 2 for title in self._titles]
        is_tight = any(text + GAP > right - left for text, (left, right) in zip(texts, pairwise(lefts), strict=True))
        lines = 2 if is_tight else 1
        ends = [lefts[-1]] * lines  # where the title to the right begins
        for at in reversed(range(len(texts))):
            line, wide = at % lines, texts[at]
            left = min((lefts[at] + lefts[at + 1] - wide) // 2, ends[line] - wide)
            ends[line] = left - GAP
            box = QRect(left, line * HEADS // 2, wide, HEADS // lines)
            paint.words(painter, box, self._titles[at], token="tx3", size=MEASURES.note, align=CENTRE)

    def _paint_row(self, painter: QPainter, row: Row, top: int, lefts: Sequence[int], since: QRect) -> None:
        paint.hairline(painter, 0, top, self.width(), top)
        name = QRect(MEASURES.dock_padding, top, lefts[0] - MEASURES.dock_padding, ROW)
        paint.words(painter, name, self._names.get(row.street, row.street), size=MEASURES.label)
        for at, cell in enumerate(row.cells):
            self._paint_cell(painter, QRect(lefts[at], top, lefts[at + 1] - lefts[at], ROW), cell, at < OWN_COLUMNS)
        known = [gap for cell in row.cells for gap in cell.gaps if gap.since is not None]
        needed = [gap for gap in known if gap.is_needed]
        if known:
            box = QRect(since.left(), top, since.width(), ROW)
            told = times.span(max(0.0, self._now - min(gap.since or 0.0 for gap in needed or known)))
            paint.words(painter, box, told, token="bad" if needed else "tx3", size=MEASURES.label, align=RIGHT)

    def _paint_cell(self, painter: QPainter, box: QRect, cell: Cell, is_own: bool) -> None:
        if cell.gaps:
            none = say("无") if text_width(say("无"), MEASURES.label) + MARK < box.width() else "0"
            if cell.is_bare:
                painter.fillRect(box.adjusted(1, 1, -1, 0), colour("badb"))
            shape, token = ("light.overdue", "bad") if cell.is_bare else ("light.soon", "tx2")
            self._paint_marked(painter, box, shape, none if is_own else _told(cell), token)
        else:
            said = str(cell.on_duty) if is_own else _told(cell)
            token = "tx1" if cell.crews else "tx3"
            paint.words(painter, box, said if cell.crews else "—", token=token, size=MEASURES.label, align=CENTRE)

    def _paint_marked(self, painter: QPainter, box: QRect, shape: str, said: str, token: str) -> None:
        """Paints a shape and a word beside it, both in the middle of the box."""
        left = round(box.left() + (box.width() - MARK - text_width(said, MEASURES.label)) / 2)
        paint.glyph(painter, QPointF(left + 5, box.center().y() + 0.5), shape, size=9)
        paint.words(painter, box.adjusted(left + MARK - box.left(), 0, 2, 0), said, token=token, size=MEASURES.label)

    def _sentence(self, row: Row) -> str:
        lacking = [(cell, title) for cell, title in zip(row.cells, self._titles, strict=True) if cell.gaps]
        said = [
            say("X {lacks}", lacks=_told(cell)) if title == SEVERAL else say("{power}无人在岗", power=title)
            for cell, title in lacking
        ]
        return f"{self._names[row.street]}：" + say("、").join(said)


class CoveragePanel(QWidget):
    """The table, its count of gaps, the move-ups that are proposed first, and the loans that there are."""

    def __init__(self) -> None:
        super().__init__()
        self.head = DockHeader(phrase("职权在岗"))
        self.table = CoverageTable()
        self.moves, self.loans = LoanRows(phrase("补位建议")), LoanRows(phrase("跨街镇支援"))
        filled(self, surface="bg1")
        vbox(self, self.head, self.table, self.moves, self.loans)

    def show_reading(
        self,
        reading: Reading,
        moves: Sequence[tuple[Gap, MoveUp | None]],
        told: Reasons,
        proposed: Sequence[LoanRow],
        loans: Sequence[LoanRow],
    ) -> None:
        """Shows the table, the moves that are proposed, and the loans that there are."""
        empty = [gap for gap, _ in moves]
        self.table.show_rows(coverage(reading, empty), reading, told)
        needed = sum(gap.is_needed for gap in empty)
        note, tone = _note(reading, needed, len(empty) - needed)
        self.head.set_note(note, tone=tone)
        self.moves.show_rows(proposed)
        self.loans.show_rows(loans)


def _told(cell: Cell) -> str:
    """Returns the crews on duty of all of several powers, or how many of these have nobody there."""
    return say("缺 {n}", n=len(cell.gaps)) if cell.gaps else f"{cell.on_duty}/{cell.crews}"


def _note(reading: Reading, bare: int, further: int) -> tuple[Words, str]:
    """Returns in how many places nobody is there with a power, one that every street must have or another; its tone."""
    told, lacks = phrase("{n} 处无人在岗", n=bare), phrase("X 缺 {n}", n=further)
    if bare:
        return (phrase("{bare}，{further}", bare=told, further=lacks) if further else told), "bad"
    if further:
        return lacks, "warn"
    return phrase("处处有人在岗") if reading.streets else "", "tx3"
