"""The list model of the seat's own acts: open acts first, then those that ended lately, each newest on top."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from commandcenter.store.overlay import Act
from ui.kit.tables.rows import TEXT_ROLES, Index, Rows
from ui.kit.texts.tips import plain_tip
from ui.status import columns

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

ACT_ROLE = Qt.ItemDataRole.UserRole


class ActsModel(Rows[Act]):
    """One row per act."""

    def __init__(self, desk: "Desk", parent: QObject | None = None) -> None:
        super().__init__(lambda act: act.cmd_id, parent)
        self._desk = desk
        self.refresh()

    def refresh(self) -> None:
        """Reads the desk's acts again."""
        self.show_rows(_in_order(self._desk))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        act = self.at(index.row()) if index.isValid() else None
        if act is None:
            return None
        if role == ACT_ROLE:
            return act
        if role in TEXT_ROLES:
            return " ".join(filter(None, (columns.about(self._desk.board, act), columns.remark(self._desk.board, act))))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(str(self.data(index)))
        return None


def _in_order(desk: "Desk") -> list[Act]:
    waiting = {act.cmd_id for act in desk.acts.open}
    lately = [act for act in desk.acts.recent if act.cmd_id not in waiting]
    return [*reversed(desk.acts.open), *reversed(lately)]
