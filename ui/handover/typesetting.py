"""Sets a report in strips as wide as a screen or a page, and stacks them on pages: one look for both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from ui.handover.blocks import Block, Cell, Column, Figures, Heading, Table, Text, Title
from ui.theme import colour, font, paint
from ui.theme.tokens import MEASURES

ROW, HEAD, LINE = 26, 26, 20  # pixels: a row of a table, its titles, a line of text
GAP, EDGE = 22, 8  # above a chapter, and within a cell
WRAPPED = int(Qt.TextFlag.TextWrapAnywhere | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
_RIGHT = Qt.AlignmentFlag.AlignRight

GLYPH = 18
Needed = tuple[Column, float, float]  # with the pixels that it needs at least, and those in which it is whole
Painted = Callable[[QPainter, QRectF], None]


@dataclass(frozen=True, slots=True)
class Strip:
    """A part that no page break goes through, `height` pixels high.

    `follows`: it does not stand last on a page. `again` are the strips to be repeated above it where it begins a page.
    """

    height: int
    paint: Painted
    follows: bool = False
    again: tuple[Strip, ...] = ()


def strips(blocks: Iterable[Block], width: int) -> list[Strip]:
    """Returns the strips of a report, from the top, for `width` pixels."""
    return [strip for block in blocks for strip in _of(block, width)]


def pages(found: Iterable[Strip], height: int) -> list[list[Strip]]:
    """Returns the strips of each page of `height` pixels; what belongs together stays on one page."""
    made: list[list[Strip]] = [[]]
    for strip in found:
        if made[-1] and _tall(made[-1]) + strip.height > height:
            carried: list[Strip] = []
            while made[-1] and made[-1][-1].follows:
                carried.insert(0, made[-1].pop())
            made += [[*(carried or strip.again)]]
        made[-1].append(strip)
    return [page for page in made if page]


def paint_strips(painter: QPainter, found: Iterable[Strip], left: float, top: float, width: float) -> None:
    """Paints strips beneath each other."""
    for strip in found:
        strip.paint(painter, QRectF(left, top, width, strip.height))
        top += strip.height


def _tall(found: Iterable[Strip]) -> int:
    return sum(strip.height for strip in found)


def _of(block: Block, width: int) -> Iterator[Strip]:
    match block:
        case Title():
            yield Strip(40, partial(_line, block.text, MEASURES.figure, "tx1", True), follows=True)
            yield from (Strip(LINE, partial(_line, said, MEASURES.body, "tx2", False)) for said in block.lines)
        case Heading():
            yield Strip(GAP + 30, partial(_heading, block), follows=True)
        case Figures():
            yield Strip(64, partial(_figures, block))
        case Table():
            yield from _table(block)
        case Text():
            yield from _text(block, width)


def _table(table: Table) -> Iterator[Strip]:
    columns = tuple(zip(table.columns, *_needs(table), strict=True))
    head = Strip(HEAD, partial(_titles, columns), follows=True)
    yield head
    for at, row in enumerate(table.rows):
        is_first = not at and len(table.rows) > 1  # no page ends with a single row
        yield Strip(ROW, partial(_cells, columns, row, False), follows=is_first, again=(head,))
    if table.total:
        yield Strip(ROW + 2, partial(_cells, columns, table.total, True), again=(head,))


def _needs(table: Table) -> tuple[list[float], list[float]]:
    """Returns the pixels that each column cannot do without, and those in which it is whole.

    One that gives way can do without more than its title.
    """
    cells = zip(*(*table.rows, *([table.total] if table.total else ())), strict=True)
    widest = [max(map(_cell_width, column)) for column in cells] or [0.0] * len(table.columns)
    titles = [paint.text_width(column.title, MEASURES.label) + 2 * EDGE + 1 for column in table.columns]
    whole = list(map(max, titles, widest))
    least = zip(table.columns, titles, whole, strict=True)
    return [title if column.gives_way else wide for column, title, wide in least], whole


def _cell_width(cell: Cell) -> float:
    return paint.text_width(cell.text, bold=True) + (GLYPH if cell.glyph else 0) + 2 * EDGE + 1


def _text(block: Text, width: int) -> Iterator[Strip]:
    metrics = QFontMetrics(font(MEASURES.body))
    for said in block.text.split("\n"):
        tall = metrics.boundingRect(QRect(0, 0, width, 10_000), WRAPPED, said or " ").height()
        yield Strip(tall + 6, partial(_wrapped, said, block.tone))


def _line(text: str, size: int, token: str, bold: bool, painter: QPainter, box: QRectF) -> None:
    paint.words(painter, box, text, token=token, size=size, bold=bold)


def _heading(block: Heading, painter: QPainter, box: QRectF) -> None:
    low = box.adjusted(0, GAP, 0, -4)
    paint.words(painter, low, block.text, size=MEASURES.section, bold=True)
    begun = paint.text_width(block.text, MEASURES.section, True) + 12
    paint.words(painter, low.adjusted(begun, 2, 0, 0), block.note, token="tx3", size=MEASURES.label)
    painter.fillRect(QRectF(box.left(), box.bottom() - 2, box.width(), 1), colour("ln2"))


def _figures(block: Figures, painter: QPainter, box: QRectF) -> None:
    wide = box.width() / max(len(block.shown), 1)
    for at, (name, value) in enumerate(block.shown):
        left = box.left() + at * wide
        if at:
            painter.fillRect(QRectF(left - 8, box.top() + 12, 1, 40), colour("ln1"))
        paint.words(painter, QRectF(left, box.top() + 8, wide - 12, 30), value, size=MEASURES.figure, bold=True)
        paint.words(painter, QRectF(left, box.top() + 38, wide - 12, 18), name, token="tx3", size=MEASURES.label)


def _titles(columns: tuple[Needed, ...], painter: QPainter, box: QRectF) -> None:
    painter.fillRect(box, colour("bg2"))
    for column, cell in _across(columns, box):
        align = _RIGHT if column.is_right else Qt.AlignmentFlag.AlignLeft
        paint.words(painter, cell, column.title, token="tx3", size=MEASURES.label, align=align)


def _cells(columns: tuple[Needed, ...], row: tuple[Cell, ...], is_total: bool, painter: QPainter, box: QRectF) -> None:
    edge = "ln2" if is_total else "ln1"
    painter.fillRect(QRectF(box.left(), box.top() if is_total else box.bottom() - 1, box.width(), 1), colour(edge))
    for (column, inside), cell in zip(_across(columns, box), row, strict=True):
        if cell.glyph:
            paint.glyph(painter, QPointF(inside.left() + 6, inside.center().y()), cell.glyph, size=10)
            inside.setLeft(inside.left() + GLYPH)
        align = _RIGHT if column.is_right else Qt.AlignmentFlag.AlignLeft
        paint.words(painter, inside, cell.text, token=cell.tone, bold=cell.is_bold or is_total, align=align)


def _across(columns: tuple[Needed, ...], box: QRectF) -> Iterator[tuple[Column, QRectF]]:
    """Yields each column with its place: what it cannot do without, then what makes it whole, and a share of the rest.

    What is there to make columns whole goes to each by what it lacks.
    """
    shares, least = sum(column.share for column, *_ in columns), sum(needed for _, needed, _ in columns)
    lacking, left = sum(wish - needed for _, needed, wish in columns), box.left()
    squeezed, rest = min(1.0, box.width() / max(least, 1)), max(0.0, box.width() - least)
    filled = min(1.0, rest / lacking) if lacking else 0.0
    for column, needed, wish in columns:
        wide = needed * squeezed + (wish - needed) * filled + (rest - lacking * filled) * column.share / shares
        yield column, QRectF(left + EDGE, box.top(), wide - 2 * EDGE, box.height())
        left += wide


def _wrapped(text: str, token: str, painter: QPainter, box: QRectF) -> None:
    painter.setFont(font(MEASURES.body))
    painter.setPen(colour(token))
    painter.drawText(box.adjusted(0, 2, 0, 0).toRect(), WRAPPED, text)
