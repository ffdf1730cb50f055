"""The one table model: an index array over a store's columns; what stands in sight does not move by itself."""

import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from commandcenter.domain.text import visible
from ui.kit.arranging import GONE, Arrangement, arrange, is_heading, settle
from ui.kit.columns import Array, Column, Grouping, Side
from ui.kit.tips import plain_tip
from ui.kit.words import say

KEY_ROLE = Qt.ItemDataRole.UserRole
MOST_SINGLE = 64  # rows told one by one; beyond that, one range
REST = 10  # after arranging, rest ten times as long as it took
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_SIDES = {Side.LEFT: Qt.AlignmentFlag.AlignLeft, Side.RIGHT: Qt.AlignmentFlag.AlignRight}


class Source(Protocol):
    """Columns by slot, as the store keeps them."""

    ids: list[str]
    size: int

    def __getitem__(self, name: str) -> Array: ...
    def slot(self, key: str) -> int | None: ...


class TableModel(QAbstractTableModel):
    """Rows are slots of `source` in the order asked for; `now()` gives seconds since 1970.

    `sight()` tells the last row that must stand still because somebody works on the list (None: nobody does).
    """

    waiting = Signal(int, int)  # how many came, how many left, that are held back
    about_to_arrange = Signal()
    arranged = Signal()

    def __init__(
        self,
        source: Source,
        columns: Iterable[Column],
        *,
        now: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.sight: Callable[[], int | None] = lambda: None
        self._source, self._now = source, now
        self._keep: Callable[[float], Array] | None = None
        self._group: Grouping | None = None
        self._by, self._falls = 0, False
        self._rows = np.zeros(0, np.int64)
        self._ids: list[str] = []
        self._places: Array | None = None
        self._waiting = (0, 0)
        self._is_due = False
        self.is_behind = False  # a row stands where it would not stand if nobody worked on the list
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._catch_up)
        self.let_in()

    @property
    def held(self) -> tuple[int, int]:
        """How many came and how many left without being shown so yet."""
        return self._waiting

    @property
    def slots_shown(self) -> Array:
        """The slots of the rows in their order, headings and gone rows left out."""
        return self._rows[self._rows >= 0]

    def slot_at(self, row: int) -> int | None:
        """The slot of a row; None for a heading or a row whose record is gone, told of or not."""
        slot = self._slot_then(row)
        return slot if slot >= 0 and self._is_there(slot) else None

    def key_at(self, row: int) -> str | None:
        """The record's id of a row, also of one that is gone since it was arranged."""
        slot = self._slot_then(row)
        return self._ids[slot] if slot >= 0 else None

    def row_of(self, key: str) -> int | None:
        """The row of the record with this id, if it is shown."""
        slot = self._source.slot(key)
        if slot is None or slot >= len(self._ids) or self._ids[slot] != key:
            return None
        row = int(self._row_of_slot()[slot])
        return row if row >= 0 else None

    def heading_at(self, row: int) -> tuple[str, int] | None:
        """Name and count of the heading at a row, or None when the row is none; who left is not counted."""
        code = int(self._rows[row])
        if self._group is None or not is_heading(code):
            return None
        after = self._rows[row + 1 :]
        later = np.flatnonzero((after < 0) & (after != GONE))
        under = after[: later[0]] if len(later) else after
        return self._group.name(-code - 1), int(np.count_nonzero(under != GONE))

    def filter(self, keep: Callable[[float], Array] | None) -> None:
        """Show only slots for which `keep(now)` is true; None shows all."""
        self._keep = keep
        self.let_in()

    def group(self, grouping: Grouping | None) -> None:
        """Put rows under headings, or no more."""
        self._group = grouping
        self.let_in()

    def let_in(self) -> None:
        """Arrange everything anew, whatever stands in sight."""
        self._arrange(freely=True)

    def take(self, keys: Iterable[str] | None) -> None:
        """These records (None: all) may look different now: tell what is shown, then arrange when it is time."""
        self._tell(keys)
        self._is_due = True
        if not self._rest.isActive():
            self._catch_up()

    def tick(self, first: int, last: int) -> None:
        """A second went by: the columns that tick are new in the rows from `first` to `last`."""
        last = min(last, len(self._rows) - 1)
        for at, column in enumerate(self.columns):
            if column.ticks and 0 <= first <= last:
                self.dataChanged.emit(self.index(first, at), self.index(last, at), [Qt.ItemDataRole.DisplayRole])

    def speak(self) -> None:
        """The language changed: headings and cells read differently."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
        self._tell(None)

    def _catch_up(self) -> None:
        if self._is_due:
            self._is_due = False
            started = time.perf_counter()
            self._arrange(freely=False)
            self._rest.start(int((time.perf_counter() - started) * 1000 * REST))

    def _arrange(self, *, freely: bool) -> None:
        now = self._now()
        by, falls = self.columns[self._by], self._falls
        fresh = arrange(self._source, now, keep=self._keep, column=by, falls=falls, group=self._group)
        still = None if freely else self.sight()
        wish = Arrangement(fresh) if still is None else settle(self._rows, fresh, still, self._is_there)
        self.is_behind = not np.array_equal(wish.rows, fresh)
        self._adopt(wish.rows)
        if (wish.came, wish.left) != self._waiting:
            self._waiting = (wish.came, wish.left)
            self.waiting.emit(*self._waiting)

    def _slot_then(self, row: int) -> int:
        return int(self._rows[row]) if 0 <= row < len(self._rows) else GONE

    def _is_there(self, slot: int) -> bool:
        return slot < self._source.size and bool(self._source.ids[slot]) and self._source.ids[slot] == self._ids[slot]

    def _adopt(self, rows: Array) -> None:
        same = not self._is_recycled(rows)
        head, tail = _common(self._rows, rows) if same else (0, 0)
        gone, come = len(self._rows) - head - tail, len(rows) - head - tail
        if same and not gone and not come:
            return
        self.about_to_arrange.emit()
        if same and not gone:
            self.beginInsertRows(_NOWHERE, head, head + come - 1)
            self._put(rows)
            self.endInsertRows()
        elif same and not come:
            self.beginRemoveRows(_NOWHERE, head, head + gone - 1)
            self._put(rows)
            self.endRemoveRows()
        else:
            self._lay(rows)
        self.arranged.emit()

    def _lay(self, rows: Array) -> None:
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        keys = [self.key_at(index.row()) for index in old]
        self._put(rows)
        self.changePersistentIndexList(old, [self._moved(i, key) for i, key in zip(old, keys, strict=True)])
        self.layoutChanged.emit()

    def _moved(self, index: QModelIndex, key: str | None) -> QModelIndex:
        row = self.row_of(key) if key else None
        return _NOWHERE if row is None else self.index(row, index.column())

    def _is_recycled(self, rows: Array) -> bool:
        """Whether a slot in both old and new rows holds another record now: rows are then found again by id."""
        now = self._source.ids[: len(self._ids)]
        if now == self._ids:
            return False
        changed = [i for i, (new, old) in enumerate(zip(now, self._ids, strict=False)) if new and new != old]
        return bool(changed) and bool(np.isin(changed, self._rows).any() and np.isin(changed, rows).any())

    def _row_of_slot(self) -> Array:
        if self._places is None:
            self._places = np.full(len(self._ids), -1)
            rows = np.flatnonzero(self._rows >= 0)
            self._places[self._rows[rows]] = rows
        return self._places

    def _put(self, rows: Array) -> None:
        self._rows, self._places = rows, None
        self._ids = list(self._source.ids)

    def _tell(self, keys: Iterable[str] | None) -> None:
        if not len(self._rows):
            return
        rows = [] if keys is None else [row for key in keys if (row := self.row_of(key)) is not None]
        if keys is not None and len(rows) <= MOST_SINGLE:
            for row in rows:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))
        else:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self.columns) - 1))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if 0 <= column < len(self.columns) and self.columns[column].order is not None:
            self._by, self._falls = column, order == Qt.SortOrder.DescendingOrder
            self.let_in()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        slot = self.slot_at(index.row())
        if slot is None:
            return self._heading(index, role)
        return self._cell(self.columns[index.column()], slot, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return say(self.columns[section].title)
        return int(_LEFT) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid() or self.slot_at(index.row()) is None:
            return Qt.ItemFlag.ItemIsEnabled if index.isValid() else Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def _heading(self, index: _Index, role: int) -> str | None:
        if role != Qt.ItemDataRole.DisplayRole or index.column():
            return None
        heading = self.heading_at(index.row())
        return say("已离开") if heading is None else f"{heading[0]} {heading[1]}"

    def _cell(self, column: Column, slot: int, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return visible(column.text(slot))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip((column.whole or column.text)(slot))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_SIDES[column.side] | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{say(column.title)} {(column.whole or column.text)(slot)}"
        return self._ids[slot] if role == KEY_ROLE else None


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _common(old: Array, new: Array) -> tuple[int, int]:
    """How many rows at the head and at the tail are the same."""
    least = min(len(old), len(new))
    other = np.flatnonzero(old[:least] != new[:least])
    head = int(other[0]) if len(other) else least
    rest = least - head
    other = np.flatnonzero(old[len(old) - rest :][::-1] != new[len(new) - rest :][::-1])
    return head, int(other[0]) if len(other) else rest
