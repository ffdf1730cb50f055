"""The panel 职权在岗: how many crews of each power are on duty in each street, and who could move up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import Words, phrase, say
from ui.teams.lanes import OWN_COLUMNS
from ui.teams.loans import LoanRow, LoanRows
from ui.teams.reading import Reading
from ui.theme import MEASURES, colour, filled, paint
from ui.theme.paint import text_width

CENTRE, RIGHT = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
ROW, HEAD = 22, 24  # pixels
SINCE = 58  # pixels for since when nobody is there
MARK = 13  # pixels for a shape before a word
MOVES = 2  # move-ups that are told at once
SUFFIXES = ("街道", "社区", "镇")  # left out where many names stand close


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


def coverage(reading: Reading, empty: Sequence[Gap]) -> tuple[Row, ...]:
    """Returns the rows of the table: a column for each of the first powers, and one for all further ones."""
    further = reading.powers[OWN_COLUMNS:]
    columns = [(power,) for power in reading.powers[:OWN_COLUMNS]] + ([further] if further else [])
    crews: defaultdict[tuple[str | None, str], list[Crew]] = defaultdict(list)
    for unit in reading.units:
        for crew in reading.crews.get(unit.id, ()):
            crews[crew.street_at(reading.now), unit.power or ""].append(crew)
    return tuple(
        Row(street, tuple(_cell(street, powers, crews, empty) for powers in columns))
        for street in reading.streets
        if street
    )


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
        self._rows, self._titles = tuple(rows), (*names, "X")[: len(rows[0].cells) if rows else 0]
        self._names = {row.street: _short(told.street(row.street)) for row in rows}
        self._now = reading.now.timestamp()
        if before != (self._rows, self._titles):
            self.updateGeometry()
            self.retell()
        self.update()

    def retell(self) -> None:
        said = [self._sentence(row) for row in self._rows if any(cell.gaps for cell in row.cells)]
        self.setAccessibleName(say("职权在岗"))
        self.setAccessibleDescription("；".join(said) or say("处处有人在岗"))
        self.setToolTip(plain_tip("\n".join(said)))

    def sizeHint(self) -> QSize:
        return QSize(200, HEAD + ROW * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rows:
            return
        painter = QPainter(self)
        pad = MEASURES.dock_padding
        named = pad + max((text_width(name, MEASURES.label) for name in self._names.values()), default=0) + 6
        step = (self.width() - pad - named - SINCE) / max(1, len(self._titles))
        lefts = [round(named + at * step) for at in range(len(self._titles) + 1)]
        for at, title in enumerate(self._titles):
            cell = QRect(lefts[at], 0, lefts[at + 1] - lefts[at], HEAD)
            paint.words(painter, cell, title, token="tx3", size=MEASURES.note, align=CENTRE)
        since = QRect(self.width() - pad - SINCE, 0, SINCE, HEAD)
        paint.words(painter, since, say("无岗已"), token="tx3", size=MEASURES.note, align=RIGHT)
        for number, row in enumerate(self._rows):
            self._paint_row(painter, row, HEAD + number * ROW, lefts, since)
        painter.end()

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
            self._paint_marked(painter, box, shape, none if is_own else f"{cell.on_duty}/{cell.crews}", token)
        else:
            said = str(cell.on_duty) if is_own else f"{cell.on_duty}/{cell.crews}"
            token = "tx1" if cell.crews else "tx3"
            paint.words(painter, box, said if cell.crews else "—", token=token, size=MEASURES.label, align=CENTRE)

    def _paint_marked(self, painter: QPainter, box: QRect, shape: str, said: str, token: str) -> None:
        """Paints a shape and a word beside it, both in the middle of the box."""
        left = round(box.left() + (box.width() - MARK - text_width(said, MEASURES.label)) / 2)
        paint.glyph(painter, QPointF(left + 5, box.center().y() + 0.5), shape, size=9)
        paint.words(painter, box.adjusted(left + MARK - box.left(), 0, 2, 0), said, token=token, size=MEASURES.label)

    def _sentence(self, row: Row) -> str:
        titles = zip(row.cells, self._titles, strict=True)
        return f"{self._names[row.street]}：" + say("、").join(
            say("{power}无人在岗", power=title) for cell, title in titles if cell.gaps
        )


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
        note, tone = _note(reading, sum(gap.is_needed for gap in empty))
        self.head.set_note(note, tone=tone)
        self.moves.show_rows(proposed)
        self.loans.show_rows(loans)


def _note(reading: Reading, bare: int) -> tuple[Words, str]:
    """Returns in how many places nobody is there with a power that every street must have, and its tone."""
    if bare:
        return phrase("{n} 处无人在岗", n=bare), "bad"
    return phrase("处处有人在岗") if reading.streets else "", "tx3"


def _short(street: str) -> str:
    """Returns a street's name without its type."""
    for suffix in SUFFIXES:
        street = street.removesuffix(suffix)
    return street
