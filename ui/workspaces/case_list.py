"""The actions of a workspace that has a list of cases and a map: from case to case, from room to room."""

from PySide6.QtWidgets import QApplication

from commandcenter.domain.cases import Case
from ui.actions.action_table import Handlers
from ui.kit import records
from ui.kit.tables.view import TableView
from ui.kit.texts.words import phrase
from ui.window.dock import Dock
from ui.workspaces.inbox_cover import INBOX
from ui.workspaces.rooms import Rooms
from ui.workspaces.workspace import WorkspaceContext


class CaseListActions:
    """Acts on the list of cases and on the rooms that cover it."""

    def __init__(self, context: WorkspaceContext, rooms: Rooms, cases: TableView, map_dock: Dock) -> None:
        self._context, self._rooms, self._cases, self._map_dock = context, rooms, cases, map_dock

    def handlers(self) -> Handlers:
        """Returns the handlers by the id of their action."""
        return {
            "to_queue": self._rooms.to_ground,
            "to_map": self._to_map,
            "coverage": self._toggle_coverage,
            "inbox": lambda: self._rooms.toggle(INBOX.id),
            "next_case": lambda: self._cases.step(1),
            "previous_case": lambda: self._cases.step(-1),
            "copy_number": self._copy_number,
        }

    def _to_map(self) -> None:
        self._rooms.leave()
        self._map_dock.to_front()
        self._context.map.go_to_choice()

    def _toggle_coverage(self) -> None:
        """Shows or hides the coverage, with the map in view."""
        if not self._map_dock.is_out:
            self._rooms.leave()
        self._map_dock.raise_()
        self._context.map.view.header.toggle("coverage")

    def _copy_number(self) -> None:
        seat = self._context.seat
        case = records.find(seat.desk.board, Case, seat.focus.case)
        if case is not None and case.number:
            QApplication.clipboard().setText(case.number)
            seat.tell(phrase("已复制 {number}", number=case.number))
