"""The list of own acts: those still open first (newest on top), then what came into force lately."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from commandcenter.store.overlay import Act
from ui.status import columns

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
ACT_ROLE = Qt.ItemDataRole.UserRole


class ActsModel(QAbstractListModel):
    """One row an act; `refresh` changes only the rows that differ."""

    def __init__(self, desk: "Desk", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._acts: list[Act] = []
        self.refresh()

    def refresh(self) -> None:
        """Read the desk's acts again."""
        fresh = _in_order(self._desk)
        keys = [act.cmd_id for act in self._acts]
        if [act.cmd_id for act in fresh] != keys:
            self.beginResetModel()
            self._acts = fresh
            self.endResetModel()
            return
        for row, (old, new) in enumerate(zip(self._acts, fresh, strict=True)):
            if old != new:
                self._acts[row] = new
                self.dataChanged.emit(self.index(row), self.index(row))

    def act_at(self, row: int) -> Act | None:
        """The act of a row."""
        return self._acts[row] if 0 <= row < len(self._acts) else None

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._acts)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        act = self.act_at(index.row()) if index.isValid() else None
        if act is None:
            return None
        if role == ACT_ROLE:
            return act
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return " ".join(filter(None, (columns.about(self._desk.board, act), columns.remark(self._desk.board, act))))
        return None


def _in_order(desk: "Desk") -> list[Act]:
    waiting = {act.cmd_id for act in desk.acts.open}
    lately = [act for act in desk.acts.recent if act.cmd_id not in waiting]
    return [*reversed(desk.acts.open), *reversed(lately)]
