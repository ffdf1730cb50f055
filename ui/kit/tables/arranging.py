"""Computes which slots a table shows in which order, and keeps the rows in sight in place when that order changes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ui.kit.tables.columns import Array, Column, Grouping

GONE = -(1 << 62)  # a row whose record was removed while the row was in sight


class Columns(Protocol):
    """What `arrange` needs of a store's columns: the column "alive", bool[n], one value per slot."""

    def __getitem__(self, name: str) -> Array: ...


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The rows of a table, int64[n]: values >= 0 are slots, GONE is a removed record, other values are headings.

    Group g has the heading value -g - 1. `came` and `left` count arrivals and departures that are not shown yet.
    """

    rows: Array
    came: int = 0
    left: int = 0


def is_heading(row: int) -> bool:
    """Returns whether a row value stands for a heading."""
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
    """Returns the slots with `keep(now)` true (None: all alive ones) sorted by `column`, with headings when grouped.

    int64[n] as in `Arrangement`; `now` in seconds since 1970. Equal keys stay in slot order; NaN comes last in both
    directions.
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
    """Returns `fresh` with the rows of `old` up to index `still` kept in place.

    New records that would come between the kept rows are left out and counted in `came`; a kept row that no longer
    belongs is counted in `left`. A kept row whose record was removed (`is_there(slot)` is false) becomes GONE.
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
