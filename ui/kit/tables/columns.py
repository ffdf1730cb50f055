"""Table columns as data: content, sort key, width, and the order in which they shrink or hide when space is short."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy.typing as npt

from ui.kit.texts.words import spoken

Array = npt.NDArray[Any]


class Alignment(Enum):
    """Horizontal alignment of a column's text."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One table column over slots; widths are in pixels.

    `title` is the Chinese source text. `english_width` is the width while the UI is in English (0: `width`). `least` is
    the width to which the column shrinks when space is short (0: it is hidden); the highest `shrink_priority` goes
    first, 0 never. One column `takes_slack`: it gets the remaining width. `order(now)` returns one sort key per slot,
    ascending, NaN last. `text(slot)` is the shown text, `whole(slot)` the full text for the tooltip (None: `text`).
    `ticking(slot)` is what the cell shows that time alone changes (None: nothing); `tone` is the token of its colour.
    """

    key: str
    title: str
    width: int
    english_width: int = 0
    least: int = 0
    side: Alignment = Alignment.LEFT
    shrink_priority: int = 0
    takes_slack: bool = False
    tone: str = "tx1"
    text: Callable[[int], str]
    ticking: Callable[[int], object] | None = None
    whole: Callable[[int], str] | None = None
    order: Callable[[float], Array] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Rows under headings: `codes(now)` returns a small integer >= 0 per slot, ascending; `name(code)` the heading."""

    key: str
    codes: Callable[[float], Array]
    name: Callable[[int], str]


SLACK_LEAST = 60  # pixels; least width of the column that takes the slack when no other can shrink


def fit(columns: Iterable[Column], room: int, *, without: frozenset[str] = frozenset()) -> dict[str, int]:
    """Returns the widths in pixels, by key, of the columns shown in `room` pixels; `without` are hidden by the user.

    Columns shrink or hide in their order until the one that takes the slack has at least its `least` width.
    """
    shown = {column.key: column for column in columns if column.key not in without}
    widths = {key: column.least if column.takes_slack else _width(column) for key, column in shown.items()}
    for column in sorted(shown.values(), key=lambda c: -c.shrink_priority):
        if sum(widths.values()) <= room or column.shrink_priority == 0:
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
    return column.english_width if column.english_width and spoken() == "en" else column.width
