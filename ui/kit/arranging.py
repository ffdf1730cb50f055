"""Which slots a table shows and in what order; and how an order gives way to what somebody is looking at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ui.kit.columns import Array, Column, Grouping

GONE = -(1 << 62)  # a row whose record left while it stood in sight


class Columns(Protocol):
    """What a store's columns must offer: the column "alive", one truth a slot."""

    def __getitem__(self, name: str) -> Array: ...


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Rows as slots; below zero are headings (group g is -g - 1) and GONE. `came` and `left` are held back."""

    rows: Array
    came: int = 0
    left: int = 0


def is_heading(row: int) -> bool:
    """Whether a row's value stands for a heading."""
    return GONE < row < 0


def arrange(
    source: Columns,
    now: float,
    *,
    keep: Callable[[float], Array] | None,
    column: Column,
    falls: bool = False,
    group: Grouping | None = None,
) -> Array:
    """The slots that `keep` lets through, sorted by `column`, under headings when grouped.

    Equal keys stay in the order of the slots; NaN comes last whichever way the order runs.
    """
    shown = source["alive"] if keep is None else source["alive"] & keep(now)
    slots = np.flatnonzero(shown)
    if column.order is not None and len(slots):
        keys = column.order(now)[slots]
        slots = slots[np.argsort(-keys if falls else keys, kind="stable")]
    if group is None or not len(slots):
        return slots
    codes = group.codes(now)[slots]
    by_group = np.argsort(codes, kind="stable")
    slots, codes = slots[by_group], codes[by_group]
    starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
    return np.insert(slots, starts, -codes[starts].astype(np.int64) - 1)


def settle(old: Array, fresh: Array, still: int, is_there: Callable[[int], bool]) -> Arrangement:
    """`fresh` as far as no row up to `still` moves: these stay, what would come between them waits.

    A row whose record is gone altogether keeps its place as GONE.
    """
    fixed = old[: still + 1].copy()
    for at in np.flatnonzero(fixed >= 0):
        if not is_there(int(fixed[at])):
            fixed[at] = GONE
    stays = np.isin(fresh, fixed)
    border = int(np.flatnonzero(stays)[-1]) + 1 if stays.any() else 0
    known = np.isin(fresh, old)
    before = np.arange(len(fresh)) < border
    waits = before & ~stays & ~known
    left = int(np.count_nonzero(~np.isin(fixed, fresh) & ((fixed >= 0) | (fixed == GONE))))
    rows = np.concatenate([fixed, fresh[~stays & ~waits]])
    return Arrangement(rows, came=int(np.count_nonzero(waits & (fresh >= 0))), left=left)
