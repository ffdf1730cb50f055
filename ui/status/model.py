"""The list model of the acts given here: open ones first, then the user's own that ended lately, each newest on top."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from commandcenter.store.overlay import Act
from ui.kit.tables.rows import Rows
from ui.status import columns

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk


class ActsModel(Rows[Act]):
    """One row per act."""

    def __init__(self, desk: "Desk", parent: QObject | None = None) -> None:
        super().__init__(lambda act: act.cmd_id, parent)
        self._desk = desk
        self.refresh()

    def refresh(self) -> None:
        """Reads the desk's acts again."""
        self.show_rows(listed_acts(self._desk))

    def text(self, row: int) -> str:
        board, act = self._desk.board, self.rows[row]
        return " ".join(filter(None, (columns.about(board, act), columns.remark(board, act))))


def listed_acts(desk: "Desk") -> list[Act]:
    """Returns the acts that are listed, in their order: of what ended, nothing that another person gave here."""
    waiting = {act.cmd_id for act in desk.acts.open}
    user = None if desk.person is None else desk.person.user
    lately = [act for act in desk.acts.recent if act.user == user and act.cmd_id not in waiting]
    return [*reversed(desk.acts.open), *reversed(lately)]
