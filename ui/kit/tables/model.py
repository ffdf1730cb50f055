"""Table model over a store's columns: an index array of slots in which rows in sight do not move by themselves."""

import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, QTimer, Signal

from commandcenter.domain.text import visible
from ui.kit.tables.arranging import Arrangement, arrange, settle
from ui.kit.tables.columns import Alignment, Array, Column, Grouping
from ui.kit.tables.rows import Index, runs
from ui.kit.tables.shown_rows import ShownRows, Source
from ui.kit.texts.tips import plain_tip
from ui.kit.texts.words import say

KEY_ROLE = Qt.ItemDataRole.UserRole
MOST_SINGLE = 64  # rows reported one by one; more are reported as one range
PAUSE_FACTOR = 10  # after arranging, pause for ten times as long as it took
_NOWHERE = QModelIndex()
_SIDES = {Alignment.LEFT: Qt.AlignmentFlag.AlignLeft, Alignment.RIGHT: Qt.AlignmentFlag.AlignRight}


class TableModel(QAbstractTableModel):
    """Rows are slots of `source` in the requested order; `now()` returns seconds since 1970.

    `last_fixed_row()` returns the last row that must not move because the user works on the list (None: nobody does).
    """

    waiting = Signal(int, int)  # how many arrivals and departures are held back
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
        self.last_fixed_row: Callable[[], int | None] = lambda: None
        self._source, self._now = source, now
        self._keep: Callable[[float], Array] | None = None
        self._group: Grouping | None = None
        self._by, self._falls = 0, False
        self._rows = ShownRows(source)
        self._waiting = (0, 0)
        # by column and row, what was shown at the last tick
        self._ticked: dict[int, dict[int, tuple[int, object]]] = {}
        self._is_due = False
        self.has_held_back_changes = False  # the rows are not those that would be shown if nobody worked on the list
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._catch_up)
        self.let_in()

    @property
    def slots_shown(self) -> Array:
        """The slots of the rows in their order, int64[n], without headings and removed records."""
        return self._rows.slots

    def slot_at(self, row: int) -> int | None:
        """Returns the slot of a row; None for a heading or a removed record, even one not yet reported as removed."""
        return self._rows.slot_at(row)

    def key_at(self, row: int) -> str | None:
        """Returns the id of a row's record, also when it was removed since the last arrangement; None for a heading."""
        return self._rows.key_at(row)

    def row_of(self, key: str) -> int | None:
        """Returns the row of the record with this id, None when it is not shown."""
        return self._rows.row_of(key)

    def heading_at(self, row: int) -> tuple[str, int] | None:
        """Returns name and count of the heading at a row, None when it is none; rows that left are not counted."""
        heading = self._rows.heading_at(row)
        return None if self._group is None or heading is None else (self._group.name(heading[0]), heading[1])

    def filter(self, keep: Callable[[float], Array] | None) -> None:
        """Shows only slots for which `keep(now)` (bool[n]) is true; None shows all."""
        self._keep = keep
        self.let_in()

    def group(self, grouping: Grouping | None) -> None:
        """Groups the rows under headings; None removes the headings."""
        self._group = grouping
        self.let_in()

    def let_in(self) -> None:
        """Rearranges all rows, including those in sight."""
        self._arrange(freely=True)

    def take(self, keys: Iterable[str] | None) -> None:
        """Reports these records (None: all) as changed, then rearranges, at once or when the pause is over."""
        self._tell(keys)
        self._is_due = True
        if not self._rest.isActive():
            self._catch_up()

    def tick(self, first: int, last: int) -> None:
        """Reports the cells that time alone changed since the tick before, in the rows from `first` to `last`."""
        rows = range(max(first, 0), min(last + 1, len(self._rows)))
        for at, column in enumerate(self.columns):
            for one, other in runs(self._changed(at, column.ticking, rows) if column.ticking else []):
                self.dataChanged.emit(self.index(one, at), self.index(other, at), [Qt.ItemDataRole.DisplayRole])

    def report_all(self) -> None:
        """Reports headers and cells as changed after a change of the language."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
        self._tell(None)

    def _changed(self, column: int, ticking: Callable[[int], object], rows: range) -> list[int]:
        """Returns the rows whose cell shows something else than at the last call for the column."""
        before = self._ticked.get(column, {})
        states = {row: (slot, ticking(slot)) for row in rows if (slot := self.slot_at(row)) is not None}
        self._ticked[column] = states
        return [row for row, state in states.items() if before.get(row) != state]

    def _catch_up(self) -> None:
        if self._is_due:
            self._is_due = False
            started = time.perf_counter()
            self._arrange(freely=False)
            self._rest.start(int((time.perf_counter() - started) * 1000 * PAUSE_FACTOR))

    def _arrange(self, *, freely: bool) -> None:
        now = self._now()
        by, falls = self.columns[self._by], self._falls
        fresh = arrange(self._source, now, keep=self._keep, column=by, falls=falls, group=self._group)
        still = None if freely else self.last_fixed_row()
        wish = Arrangement(fresh) if still is None else settle(self._rows.values, fresh, still, self._rows.is_there)
        self.has_held_back_changes = not np.array_equal(wish.rows, fresh)
        self._adopt(wish.rows)
        if (wish.came, wish.left) != self._waiting:
            self._waiting = (wish.came, wish.left)
            self.waiting.emit(*self._waiting)

    def _adopt(self, rows: Array) -> None:
        same = not self._rows.is_recycled(rows)
        head, tail = self._rows.common(rows) if same else (0, 0)
        gone, come = len(self._rows) - head - tail, len(rows) - head - tail
        if same and not gone and not come:
            return
        self.about_to_arrange.emit()
        if same and not gone:
            self.beginInsertRows(_NOWHERE, head, head + come - 1)
            self._rows.put(rows)
            self.endInsertRows()
        elif same and not come:
            self.beginRemoveRows(_NOWHERE, head, head + gone - 1)
            self._rows.put(rows)
            self.endRemoveRows()
        else:
            self._lay(rows)
        self.arranged.emit()

    def _lay(self, rows: Array) -> None:
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        keys = [self.key_at(index.row()) for index in old]
        self._rows.put(rows)
        self.changePersistentIndexList(old, [self._moved(i, key) for i, key in zip(old, keys, strict=True)])
        self.layoutChanged.emit()

    def _moved(self, index: QModelIndex, key: str | None) -> QModelIndex:
        row = self.row_of(key) if key else None
        return _NOWHERE if row is None else self.index(row, index.column())

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
        wanted = column, order == Qt.SortOrder.DescendingOrder
        if wanted == (self._by, self._falls):
            return
        if 0 <= column < len(self.columns) and self.columns[column].order is not None:
            self._by, self._falls = wanted
            self.let_in()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
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

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self.slot_at(index.row()) is None:
            return Qt.ItemFlag.ItemIsEnabled if index.isValid() else Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def _heading(self, index: Index, role: int) -> str | None:
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
        return self._source.ids[slot] if role == KEY_ROLE else None


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
