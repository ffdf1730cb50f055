"""Columns are data: what a table shows, how it is sorted, and which column gives way when room is short."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy.typing as npt

from ui.kit.words import spoken

Array = npt.NDArray[Any]


class Alignment(Enum):
    """Where a column's text stands."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column over slots.

    `title` is the Chinese source; `width` in pixels, `least` what it shrinks to (0: it leaves). `gives_way` says in
    which order columns do so, the highest first, 0 never; one column `takes_slack`. `order(now)` gives one sort key a
    slot, smaller first, NaN last; `text(slot)` what is read, `whole(slot)` the unshortened text for a tooltip.
    `ticks` when it changes each second; `english` is the width while English is spoken (0: the same).
    """

    key: str
    title: str
    width: int
    english: int = 0
    least: int = 0
    side: Alignment = Alignment.LEFT
    gives_way: int = 0
    takes_slack: bool = False
    ticks: bool = False
    text: Callable[[int], str]
    whole: Callable[[int], str] | None = None
    order: Callable[[float], Array] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Rows under headings: `codes(now)` gives one small integer a slot, in their order; `name` says it."""

    key: str
    codes: Callable[[float], Array]
    name: Callable[[int], str]


SLACK_LEAST = 60  # pixels to which even the column that takes the slack gives way, when no other is left to


def fit(columns: Iterable[Column], room: int, *, without: frozenset[str] = frozenset()) -> dict[str, int]:
    """Widths in pixels of the columns that have a place in `room` pixels; `without` are hidden by choice.

    Columns give way in their order until the one that takes the slack has at least its least width.
    """
    shown = {column.key: column for column in columns if column.key not in without}
    widths = {key: column.least if column.takes_slack else _width(column) for key, column in shown.items()}
    for column in sorted(shown.values(), key=lambda c: -c.gives_way):
        if sum(widths.values()) <= room or column.gives_way == 0:
            break
        if column.least:
            widths[column.key] = column.least
        else:
            del widths[column.key]
    slack = room - sum(widths.values())
    for column in shown.values():
        if column.takes_slack:
            widths[column.key] = max(SLACK_LEAST, widths[column.key] + slack)
    return widths


def _width(column: Column) -> int:
    return column.english if column.english and spoken() == "en" else column.width
