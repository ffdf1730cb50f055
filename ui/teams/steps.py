"""Which item the keyboard comes to next, by where the items stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ui.teams.layout import CHOSEN, Item, Layout, Part

Ref = tuple[Part, str]
Next = Callable[[Sequence[Item], Item], Item | None]
LINE = 400  # pixels; two lines of columns in one lane are farther apart, the rows of one are not


def step(layout: Layout, current: Ref | None, direction: str) -> Item | None:
    """Returns the item in `direction` of `current`; None for none; without a current item the first one.

    "down" and "up" stay in the column and go on in the next lane, past its head unless nothing stands there below it;
    "left" and "right" stay in the lane, to the left of which is its head; "page_down" and "page_up" go from head to
    head; "first" and "last".
    """
    items = [item for item in layout.items() if item.part in CHOSEN]
    here = None if current is None else next((item for item in items if item.ref == current), None)
    if here is None:
        return items[0] if items else None
    return _WAYS[direction](items, here)


def _down(items: Sequence[Item], here: Item) -> Item | None:
    if here.part is Part.LANE:
        inside = [one for one in items if one.lane == here.lane and one is not here]
        return min(inside, key=lambda one: (one.left, one.top), default=None) or _next_head(items, here)
    below = [one for one in _column(items, here) if one.top > here.top]
    row = min(below, key=lambda one: one.top, default=None)
    head = _next_head(items, here)
    return row if row is not None and (head is None or row.lane <= head.lane) else head


def _up(items: Sequence[Item], here: Item) -> Item | None:
    if here.part is Part.LANE:
        return _head_before(items, here)
    above = [one for one in _column(items, here) if one.top < here.top]
    row = max(above, key=lambda one: one.top, default=None)
    if row is not None and row.lane >= here.lane - 1:
        return row
    return _head(items, here.lane - 1) or _head(items, here.lane)


def _left(items: Sequence[Item], here: Item) -> Item | None:
    return _aside(items, here, -1) or (None if here.part is Part.LANE else _head(items, here.lane))


def _right(items: Sequence[Item], here: Item) -> Item | None:
    return _down(items, here) if here.part is Part.LANE else _aside(items, here, 1)


def _next_head(items: Sequence[Item], here: Item) -> Item | None:
    return _head(items, here.lane + 1)


def _head_before(items: Sequence[Item], here: Item) -> Item | None:
    return _head(items, here.lane if here.part is not Part.LANE else here.lane - 1)


def _head(items: Sequence[Item], lane: int) -> Item | None:
    return next((one for one in items if one.part is Part.LANE and one.lane == lane), None)


def _column(items: Sequence[Item], here: Item) -> list[Item]:
    return [one for one in items if one.part is not Part.LANE and one.left == here.left]


def _aside(items: Sequence[Item], here: Item, sign: int) -> Item | None:
    """Returns the item beside `here`: another line of columns is far, the next column near."""

    def distance(one: Item) -> tuple[int, int, int]:
        down = abs(one.top - here.top)
        return down // LINE, abs(one.left - here.left), down

    rows = [one for one in items if one.lane == here.lane and one.part is not Part.LANE]
    return min((one for one in rows if (one.left - here.left) * sign > 0), key=distance, default=None)


_WAYS: dict[str, Next] = {
    "up": _up,
    "down": _down,
    "left": _left,
    "right": _right,
    "page_down": _next_head,
    "page_up": _head_before,
    "first": lambda items, here: items[0],
    "last": lambda items, here: items[-1],
}
