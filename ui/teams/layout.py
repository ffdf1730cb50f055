"""Where everything of the lanes stands, as plain rectangles in pixels of the whole ground: no Qt, no text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ui.teams.lanes import WAITING, Column, Lane

LANE, HEAD, COUNTS, SUBHEAD, ROW, END = 34, 30, 42, 22, 24, 8  # heights
LEAST_COLUMN = 220  # width, in which number, kind and time of a case have room
REST = 13  # rows' worth of heads, counts and crews beside a queue
QUEUE_LINES = 5  # of a queue that is not opened, with the one that opens the rest


class Part(StrEnum):
    """What an item is."""

    LANE = "lane"
    HEAD = "head"
    COUNTS = "counts"
    QUEUE = "queue"
    CASE = "case"
    MORE = "more"
    TEAM = "team"
    CREW = "crew"
    NOTE = "note"


CHOSEN = frozenset({Part.LANE, Part.CASE, Part.MORE, Part.CREW})  # the parts to which the keyboard goes


class Item(NamedTuple):
    """One painted part: its place, its lane and column by number (-1: the lane itself), and what it shows.

    `key` is the id of a case, crew or lane; `place` is that of a case in its queue, counted from 1, the number of
    further cases for MORE. A head stays in view `until` the first pixel below what it heads; 0: the item is no head.
    """

    part: Part
    left: int
    top: int
    width: int
    height: int
    lane: int
    column: int
    key: str = ""
    place: int = 0
    until: int = 0

    @property
    def ref(self) -> tuple[Part, str]:
        """What stays the same while the item moves."""
        return self.part, self.key

    @property
    def bottom(self) -> int:
        """The first pixel below."""
        return self.top + self.height

    def seen(self, top: int) -> Item:
        """Returns the item as it stands while the ground is shown from `top`: a head does not leave before its rows."""
        stop = top if self.part is Part.LANE else top + LANE
        stays = self.top < stop and bool(self.until)
        return self._replace(top=min(stop, self.until - self.height)) if stays else self


class Edge(NamedTuple):
    """A line between two columns."""

    x: int
    top: int
    bottom: int


class Band(NamedTuple):
    """A horizontal strip with its items: the head of a lane, or columns side by side."""

    top: int
    bottom: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What the user has made of the lanes: those folded, by id, and the queues opened, by `opened_key`."""

    folded: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()


def opened_key(lane: Lane, column: Column) -> str:
    """Returns the name of a queue that can be opened."""
    return "/".join((lane.id, column.power, column.street, *column.units[:1]))


@dataclass(frozen=True, slots=True)
class Layout:
    """The bands from top to bottom."""

    bands: tuple[Band, ...]
    width: int

    @property
    def height(self) -> int:
        """The height of all bands."""
        return self.bands[-1].bottom if self.bands else 0

    def items(self) -> Iterator[Item]:
        """Returns an iterator over all items, from top to bottom and left to right."""
        return (item for band in self.bands for item in band.items)

    def pinned(self, top: int) -> tuple[Item, ...]:
        """Returns the heads that stay in view while the ground is shown from `top`: of columns, then of their lane."""
        under = self.bands[max(0, self._band(top + LANE)) :][:1]
        lanes = [band.items[0] for band in self.bands[: self._band(top) + 1] if band.items[0].part is Part.LANE]
        heads = [item for band in under for item in band.items if item.part is Part.HEAD]
        return tuple(seen for item in (*heads, *lanes[-1:]) if (seen := item.seen(top)) is not item)

    def within(self, top: int, bottom: int) -> Iterator[Item]:
        """Returns an iterator over the items that touch a strip of the ground."""
        for band in self.bands[max(0, self._band(top)) :]:
            if band.top >= bottom:
                return
            yield from (item for item in band.items if item.top < bottom and item.bottom > top)

    def edges(self, top: int, bottom: int) -> Iterator[Edge]:
        """Returns an iterator over the lines between columns that touch a strip of the ground."""
        for band in self.bands[max(0, self._band(top)) :]:
            if band.top >= bottom:
                return
            heads = (one for one in band.items if one.part is Part.HEAD and one.left > 0)
            yield from (Edge(one.left - 1, band.top, band.bottom) for one in heads)

    def at(self, x: int, y: int, top: int = 0) -> Item | None:
        """Returns the item at a point of the ground as it is shown from `top`, None between them."""
        for item in reversed(self.pinned(top)):
            if item.left <= x < item.left + item.width and item.top <= y < item.bottom:
                return item
        number = self._band(y)
        if number < 0:
            return None
        inside = (one for one in self.bands[number].items if one.left <= x < one.left + one.width)
        return next((one for one in inside if one.top <= y < one.bottom), None)

    def find(self, ref: tuple[Part, str]) -> Item | None:
        """Returns the item that shows `ref`; None when none does."""
        return next((item for item in self.items() if item.part is ref[0] and item.key == ref[1]), None)

    def column_box(self, lane: int, column: int, top: int = 0) -> tuple[int, int, int, int] | None:
        """Returns (left, top, width, height) of a column from its head, as it is shown from `top`, to its end."""
        for item in self.items():
            if item.part is Part.HEAD and (item.lane, item.column) == (lane, column):
                head = item.seen(top)
                return head.left, head.top, head.width, head.until - head.top
        return None

    def _band(self, y: int) -> int:
        return bisect_right(self.bands, y, key=lambda band: band.top) - 1


def laid_out(lanes: Sequence[Lane], width: int, shape: Shape = Shape(), *, height: int = 0) -> Layout:
    """Returns the layout of `lanes` in a ground `width` pixels wide.

    A lane that stands alone shows as much of its queues as `height` pixels have room for.
    """
    bands: list[Band] = []
    top, lines = 0, max(QUEUE_LINES, height // ROW - REST if len(lanes) == 1 else 0)
    for number, lane in enumerate(lanes):
        start, below = top, list[Band]()
        top += LANE
        for first, columns in () if lane.id in shape.folded else _rows(lane.columns, width):
            limits = [len(one.queue) if opened_key(lane, one) in shape.opened else lines for one in columns]
            below.append(_band(lane, (number, first), columns, (top, width), limits))
            top = below[-1].bottom
        head = Item(Part.LANE, 0, start, width, LANE, number, -1, lane.id, until=top)
        bands += (Band(start, head.bottom, (head,)), *below)
    return Layout(tuple(bands), width)


def _rows(columns: Sequence[Column], width: int) -> Iterator[tuple[int, Sequence[Column]]]:
    """Yields the columns that stand side by side, with the number of the first; rows are about equally long."""
    if not columns:
        return
    most = max(1, width // LEAST_COLUMN)
    lines = -(-len(columns) // most)
    size = -(-len(columns) // lines)
    for first in range(0, len(columns), size):
        yield first, columns[first : first + size]


def _band(
    lane: Lane, at_first: tuple[int, int], columns: Sequence[Column], place: tuple[int, int], limits: Sequence[int]
) -> Band:
    """Returns the band of columns side by side.

    `at_first` are the numbers of the lane and of the first column, `place` is (top, width), and `limits` are the lines
    that the queues may have.
    """
    (number, first), (top, width) = at_first, place
    teams = [one for one in columns if one.power != WAITING]
    queue = max(max(1, min(len(one.queue), limit)) for one, limit in zip(columns, limits, strict=True))
    crews = max((max(1, len(one.crews)) for one in teams), default=0)
    under = (crews + 1 if crews else 0) * ROW  # the waiting column has no crews, and their room for its cases
    bottom = top + HEAD + COUNTS + SUBHEAD + queue * ROW + (SUBHEAD + crews * ROW if crews else 0) + END
    edges = [round(at * width / len(columns)) for at in range(len(columns) + 1)]
    items: list[Item] = []
    for at, (column, limit) in enumerate(zip(columns, limits, strict=True)):
        spot = (edges[at], edges[at + 1] - edges[at], number, first + at)
        more_room = under // ROW if column.power == WAITING else 0
        items += _column(column, opened_key(lane, column), spot, (top, bottom), queue, max(limit, queue + more_room))
    return Band(top, bottom, tuple(items))


def _column(
    column: Column, key: str, spot: tuple[int, int, int, int], ends: tuple[int, int], queue: int, limit: int
) -> Iterator[Item]:
    (left, width, lane, number), (top, bottom) = spot, ends

    def item(part: Part, at: int, height: int, key: str = "", place: int = 0) -> Item:
        return Item(part, left, at, width, height, lane, number, key, place)

    yield item(Part.HEAD, top, HEAD)._replace(until=bottom)
    yield item(Part.COUNTS, top + HEAD, COUNTS)
    at = top + HEAD + COUNTS
    yield item(Part.QUEUE, at, SUBHEAD)
    at += SUBHEAD
    if not column.queue:
        yield item(Part.NOTE, at, ROW, "no_case")
    shown = len(column.queue) if len(column.queue) <= limit else limit - 1
    for place, case in enumerate(column.queue[:shown], 1):
        yield item(Part.CASE, at + (place - 1) * ROW, ROW, case, place)
    if len(column.queue) > shown:
        yield item(Part.MORE, at + shown * ROW, ROW, key, len(column.queue) - shown)
    if column.power == WAITING:
        return
    at += queue * ROW
    yield item(Part.TEAM, at, SUBHEAD)
    at += SUBHEAD
    if not column.crews:
        yield item(Part.NOTE, at, ROW, "no_crew")
    for line, crew in enumerate(column.crews):
        yield item(Part.CREW, at + line * ROW, ROW, crew)
