"""What lies under a dragged case or crew, and what letting it go there would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect

from commandcenter.domain.cases import WITH_HOLDER, Case
from commandcenter.domain.people import Holder
from commandcenter.domain.teams import Crew
from ui.kit import records
from ui.kit.case_parts.proposing import ADVISED
from ui.kit.texts.words import phrase
from ui.teams.lanes import WAITING, Column, Lane
from ui.teams.layout import HEAD, ROW, Item, Layout, Part
from ui.teams.offers import Offer, Offers, nothing

if TYPE_CHECKING:
    from commandcenter.store.board import Board


@dataclass(frozen=True, slots=True)
class Target:
    """A place to let go: its rectangle on the ground, the offer there, and the units to choose from, with theirs.

    `rect` and the rectangles of `units` are in pixels of the ground.
    """

    rect: QRect
    offer: Offer
    units: tuple[tuple[QRect, str], ...] = ()


class Targets:
    """Finds the target at a point of the ground."""

    def __init__(self, board: Board, offers: Offers) -> None:
        self._board, self._offers = board, offers

    def at(self, dragged: Item, x: int, y: int, layout: Layout, lanes: Sequence[Lane], top: int = 0) -> Target | None:
        """Returns the target at (x, y) of the ground as it is shown from `top`, None where nothing could be done."""
        item = layout.at(x, y, top) or _beside(layout, x, y)
        if item is None or item.column < 0:
            return None
        column = lanes[item.lane].columns[item.column]
        if dragged.part is Part.CREW:
            return self._for_crew(dragged, item)
        case = records.find(self._board, Case, dragged.key)
        box = layout.column_box(item.lane, item.column, top)
        whole = _rect(item) if box is None else QRect(*box)
        return None if case is None else self._for_case(case, item, column, whole, y)

    def _for_crew(self, dragged: Item, item: Item) -> Target:
        crew = records.find(self._board, Crew, dragged.key)
        case = records.find(self._board, Case, item.key) if item.part is Part.CASE else None
        if crew is None or case is None:
            return Target(_rect(item), nothing(phrase("放到一件案件上")))
        return Target(_rect(item), self._offers.send(case, crew))

    def _for_case(self, case: Case, item: Item, column: Column, whole: QRect, y: int) -> Target:
        crew = records.find(self._board, Crew, item.key) if item.part is Part.CREW else None
        if crew is not None:
            return Target(_rect(item), self._offers.send(case, crew))
        strip = QRect(whole.left(), whole.top(), whole.width(), HEAD)
        if column.power == WAITING:
            return Target(strip, self._offers.recall(case))
        if case.responsible in column.units and case.stage in WITH_HOLDER:
            return self._place(case, item, strip)
        if not column.units:
            return Target(strip, nothing(phrase("这里没有单位")))
        if len(column.units) == 1:
            return Target(strip, self._dispatch(case, column.units[0]))
        rows = tuple(
            (QRect(whole.left(), whole.top() + HEAD + at * ROW, whole.width(), ROW), unit)
            for at, unit in enumerate(column.units)
        )
        rect, unit = next((one for one in reversed(rows) if y >= one[0].top()), rows[0])
        return Target(rect, self._dispatch(case, unit), rows)

    def _place(self, case: Case, item: Item, strip: QRect) -> Target:
        """Returns the target within the case's own queue."""
        if item.part not in (Part.CASE, Part.MORE):
            return Target(strip, nothing(phrase("它已在这里，放到队列里的一行上调序")))
        own = self._offers.place_of(case)
        place = item.place - 1 if item.part is Part.CASE else own
        if place == own:
            return Target(_rect(item), nothing(phrase("它已是第 {n} 位", n=own + 1)))
        return Target(_rect(item), self._offers.reorder(case, place))

    def _dispatch(self, case: Case, unit: str) -> Offer:
        holder = records.find(self._board, Holder, unit)
        if holder is None or case.stage not in ADVISED:
            return nothing(phrase("这件现在不能派遣"))
        return self._offers.dispatch(case, holder)


def _beside(layout: Layout, x: int, y: int) -> Item | None:
    """Returns an item of the column at a point where none stands: below its last row."""
    bands = (band for band in layout.bands if band.top <= y < band.bottom)
    heads = (item for band in bands for item in band.items if item.part is Part.HEAD)
    return next((item for item in heads if item.left <= x < item.left + item.width), None)


def _rect(item: Item) -> QRect:
    return QRect(item.left, item.top, item.width, item.height)
