"""List model that changes only the rows that differ, so that selection and scroll position stay."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import groupby
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.kit.texts.tips import plain_tip

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole  # the row's content itself
_NOWHERE = QModelIndex()


class Rows(QAbstractListModel, Generic[T]):
    """Rows of one type; `key(row)` identifies a row, so that it is recognised when it moves or its content changes."""

    def __init__(self, key: Callable[[T], Hashable], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self._rows: list[T] = []

    @property
    def rows(self) -> Sequence[T]:
        """The shown rows, from the top."""
        return self._rows

    def at(self, row: int) -> T | None:
        """Returns the content of a row, None when the index is out of range."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def show_rows(self, fresh: Iterable[T]) -> None:
        """Replaces the rows: removes, moves, inserts and changes exactly those that differ."""
        wanted = dict(self._named(fresh))
        self._let_go(wanted)
        self._sort([key for key in wanted if key in self._places()])
        self._let_in(wanted)
        for row, new in enumerate(wanted.values()):
            if self._rows[row] != new:
                self._rows[row] = new
                self.dataChanged.emit(self.index(row), self.index(row))

    def refresh_all(self) -> None:
        """Reports all rows as changed: after a change of language, a second, or a name that is now known."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def _named(self, rows: Iterable[T]) -> Iterable[tuple[Hashable, T]]:
        """Yields each row with a unique key: rows with equal keys are numbered in their order."""
        seen: Counter[Hashable] = Counter()
        for row in rows:
            key = self._key(row)
            seen[key] += 1
            yield (key, seen[key]), row

    def _places(self) -> dict[Hashable, int]:
        return {key: at for at, (key, _) in enumerate(self._named(self._rows))}

    def _let_go(self, wanted: dict[Hashable, T]) -> None:
        gone = [at for key, at in self._places().items() if key not in wanted]
        for first, last in reversed(runs(gone)):
            self.beginRemoveRows(_NOWHERE, first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()

    def _sort(self, keys: list[Hashable]) -> None:
        before = self._places()
        order = [before[key] for key in keys]
        if order == sorted(order):
            return
        self.layoutAboutToBeChanged.emit()
        self._rows = [self._rows[at] for at in order]
        now = {old: new for new, old in enumerate(order)}
        kept = self.persistentIndexList()
        self.changePersistentIndexList(kept, [self.index(now[index.row()]) for index in kept])
        self.layoutChanged.emit()

    def _let_in(self, wanted: dict[Hashable, T]) -> None:
        known, rows = self._places(), list(wanted.values())
        for first, last in runs([at for at, key in enumerate(wanted) if key not in known]):
            self.beginInsertRows(_NOWHERE, first, last)
            self._rows[first:first] = rows[first : last + 1]
            self.endInsertRows()

    def text(self, row: int) -> str:
        """Returns a row as text, as a list without a delegate or a screen reader has it."""
        return str(self._rows[row])

    def tip(self, row: int) -> str:
        """Returns the full text of a row, for its tooltip."""
        return self.text(row)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.at(index.row())
        if row is None or role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(index.row())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.tip(index.row()))
        return None


def runs(places: Iterable[int]) -> list[tuple[int, int]]:
    """Returns ascending numbers as runs without gaps: (first, last)."""
    groups = groupby(enumerate(places), key=lambda numbered: numbered[1] - numbered[0])
    found = [[place for _, place in run] for _, run in groups]
    return [(run[0], run[-1]) for run in found]
