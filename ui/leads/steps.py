"""Which card the keyboard comes to next, by where the cards stand."""

from __future__ import annotations

from collections.abc import Sequence

from ui.leads.layout import Layout, Slot

MANY = 5  # cards at once


def step(layout: Layout, current: str | None, direction: str, offsets: Sequence[int]) -> str | None:
    """Returns the card in `direction` of `current`, which it stays at where there is none; None without any card.

    "up", "down", "page_up", "page_down", "first" and "last" stay in the column; "left" and "right" go to the next
    column with cards, to the one beside it as the columns are scrolled by `offsets` (pixels). Without a current card
    the first one.
    """
    place = None if current is None else layout.places.get(current)
    if place is None:
        return next((strip.slots[0].card.id for strip in layout.strips if strip.slots), None)
    column, row = place
    slots = layout.strips[column].slots
    if direction in ("left", "right"):
        return _beside(layout, column, slots[row], 1 if direction == "right" else -1, offsets)
    rows = {"up": row - 1, "down": row + 1, "page_up": row - MANY, "page_down": row + MANY, "first": 0}
    return slots[min(max(rows.get(direction, len(slots) - 1), 0), len(slots) - 1)].card.id


def _beside(layout: Layout, column: int, here: Slot, sign: int, offsets: Sequence[int]) -> str:
    middle = here.top + here.height // 2 - offsets[column]
    at = column + sign
    while 0 <= at < len(layout.strips):
        slots = layout.strips[at].slots
        if slots:
            near = min(slots, key=lambda slot: abs(slot.top + slot.height // 2 - offsets[at] - middle))
            return near.card.id
        at += sign
    return here.card.id
