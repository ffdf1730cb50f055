"""Where the cards of the board stand, as plain rectangles in pixels: no Qt, no text. Each column scrolls by itself."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ui.leads.columns import Column
from ui.leads.reading import Card

HEAD = 54  # height of the heads of the columns, which do not scroll
LEAST_COLUMN = 166  # width, with which the six stages stand side by side on a screen 1366 wide
PAD, GAP, BAR = 6, 8, 8  # at the edges of a column, between two cards, and for the bar that shows how far it scrolled
INSET = 7  # within a card
ROW, TASK, FOOT = 20, 20, 22  # heights of the rows of a card, of a co-handler's line, and of its last row
RIM = 10  # above the first row of a card, and below the last one
LEAD = 3 * ROW + RIM + 4  # from the top of a card to the line of its lead


class Slot(NamedTuple):
    """A card in its column: `top` and `height` in pixels from the first card of the column."""

    card: Card
    top: int
    height: int

    @property
    def bottom(self) -> int:
        """The first pixel below."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Strip:
    """A column from `left`, `width` pixels wide, with its cards; `height` is that of all of them with the edges."""

    left: int
    width: int
    slots: tuple[Slot, ...]
    height: int

    def within(self, top: int, bottom: int) -> Iterator[Slot]:
        """Returns an iterator over the cards that touch a part of the column."""
        first = max(0, bisect_right(self.slots, top, key=lambda slot: slot.top) - 1)
        for slot in self.slots[first:]:
            if slot.top >= bottom:
                return
            if slot.bottom > top:
                yield slot

    def at(self, y: int) -> Slot | None:
        """Returns the card at a height of the column; None between two."""
        return next(self.within(y, y + 1), None)


@dataclass(frozen=True, slots=True)
class Layout:
    """The strips from left to right; `places` tells of each card by its id its strip and its number in it."""

    strips: tuple[Strip, ...]
    places: Mapping[str, tuple[int, int]]

    @property
    def width(self) -> int:
        """The width of all strips."""
        return self.strips[-1].left + self.strips[-1].width if self.strips else 0

    def strip_at(self, x: int) -> int | None:
        """Returns the number of the strip at `x`; None beside them."""
        found = (at for at, one in enumerate(self.strips) if one.left <= x < one.left + one.width)
        return next(found, None)

    def slot(self, card: str) -> Slot | None:
        """Returns where a card stands in its column; None when it is not shown."""
        place = self.places.get(card)
        return None if place is None else self.strips[place[0]].slots[place[1]]


def card_height(lines: int) -> int:
    """Returns the height of a card with so many lines below that of its lead."""
    return LEAD + ROW + 2 + lines * TASK + FOOT + RIM - 4


def laid_out(columns: Sequence[Column], width: int) -> Layout:
    """Returns the layout of `columns` in `width` pixels, or in more where these are too few."""
    if not columns:
        return Layout((), {})
    whole = max(width, LEAST_COLUMN * len(columns))
    edges = [round(at * whole / len(columns)) for at in range(len(columns) + 1)]
    strips = tuple(
        _strip(column, left, right - left) for column, left, right in zip(columns, edges[:-1], edges[1:], strict=True)
    )
    places = {slot.card.id: (at, row) for at, one in enumerate(strips) for row, slot in enumerate(one.slots)}
    return Layout(strips, places)


def _strip(column: Column, left: int, width: int) -> Strip:
    slots, top = [], PAD
    for card in column.cards:
        slots.append(Slot(card, top, card_height(card.lines)))
        top = slots[-1].bottom + GAP
    return Strip(left, width, tuple(slots), top - GAP + PAD if slots else 0)
