"""The rows of a table as they were last arranged, and the records that they showed then."""

from typing import Protocol

import numpy as np

from ui.kit.tables.arranging import GONE, is_heading
from ui.kit.tables.columns import Array


class Source(Protocol):
    """Columns by slot, as the store keeps them; `ids[slot]` is the record's id, "" for a free slot."""

    ids: list[str]
    size: int

    def __getitem__(self, name: str) -> Array: ...
    def slot(self, key: str) -> int | None: ...


class ShownRows:
    """Rows as in `Arrangement`; each remembers the id of its record, since the source may have removed it by now."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._ids: list[str] = []
        self.put(np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.values)

    def put(self, values: Array) -> None:
        """Replaces the rows by `values`, int64[n], which show the source's present records."""
        self.values = values
        self._ids = list(self._source.ids)
        self._row_of_slot = np.full(len(self._ids), -1)
        rows = np.flatnonzero(values >= 0)
        self._row_of_slot[values[rows]] = rows

    @property
    def slots(self) -> Array:
        """The slots of the rows in their order, int64[n], without headings and removed records."""
        return self.values[self.values >= 0]

    def slot_at(self, row: int) -> int | None:
        """Returns the slot of a row; None for a heading or a removed record, even one not yet reported as removed."""
        slot = self._slot(row)
        return slot if slot >= 0 and self.is_there(slot) else None

    def key_at(self, row: int) -> str | None:
        """Returns the id of a row's record, also when it was removed since the last arrangement; None for a heading."""
        slot = self._slot(row)
        return self._ids[slot] if slot >= 0 else None

    def row_of(self, key: str) -> int | None:
        """Returns the row of the record with this id, None when it is not shown."""
        slot = self._source.slot(key)
        if slot is None or slot >= len(self._ids) or self._ids[slot] != key:
            return None
        row = int(self._row_of_slot[slot])
        return row if row >= 0 else None

    def heading_at(self, row: int) -> tuple[int, int] | None:
        """Returns group and count of the heading at a row, None when it is none; rows that left are not counted."""
        value = int(self.values[row])
        if not is_heading(value):
            return None
        after = self.values[row + 1 :]
        later = np.flatnonzero((after < 0) & (after != GONE))
        under = after[: later[0]] if len(later) else after
        return -value - 1, int(np.count_nonzero(under != GONE))

    def is_there(self, slot: int) -> bool:
        """Returns whether the slot still holds the record that it held at the last arrangement."""
        return slot < self._source.size and bool(self._source.ids[slot]) and self._source.ids[slot] == self._ids[slot]

    def common(self, values: Array) -> tuple[int, int]:
        """Returns how many rows at the head and at the tail are equal in `values`."""
        least = min(len(self.values), len(values))
        other = np.flatnonzero(self.values[:least] != values[:least])
        head = int(other[0]) if len(other) else least
        rest = least - head
        other = np.flatnonzero(self.values[len(self) - rest :][::-1] != values[len(values) - rest :][::-1])
        return head, int(other[0]) if len(other) else rest

    def is_recycled(self, values: Array) -> bool:
        """Returns whether a slot in both old and new rows holds another record now; rows are then matched by id."""
        now = self._source.ids[: len(self._ids)]
        if now == self._ids:
            return False
        changed = [i for i, (new, old) in enumerate(zip(now, self._ids, strict=False)) if new and new != old]
        return bool(changed) and bool(np.isin(changed, self.values).any() and np.isin(changed, values).any())

    def _slot(self, row: int) -> int:
        return int(self.values[row]) if 0 <= row < len(self.values) else GONE
