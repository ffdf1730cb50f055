"""The actions in the workspace: which room is in front, the list of cases, the chosen case, the layout."""

from collections.abc import Callable

from PySide6.QtWidgets import QApplication, QWidget

from commandcenter.domain.cases import Case
from ui.actions.action_table import Handlers
from ui.actions.context import UiContext
from ui.app.inbox_cover import INBOX
from ui.app.workspace import Workspace
from ui.kit import dialogs
from ui.kit.texts.words import Words, phrase
from ui.window import Window

PANEL = (760, 420)


class WorkspaceActions:
    """Asks the present `workspace`, whosever it is; `connection_panel` returns a new panel about the connection."""

    def __init__(
        self,
        window: Window,
        seat: UiContext,
        workspace: Callable[[], Workspace],
        connection_panel: Callable[[], QWidget],
    ) -> None:
        self._window, self._seat = window, seat
        self._workspace, self._connection_panel = workspace, connection_panel

    def handlers(self) -> Handlers:
        """Returns the handlers by the id of their action."""
        present = self._workspace
        return {
            "to_queue": self.to_queue,
            "to_map": self._to_map,
            "own_acts": lambda: present().open_lower("acts"),
            "trend": lambda: present().open_lower("trend"),
            "going": self._going,
            "inbox": self.inbox,
            "next_case": lambda: present().list_view.step(1),
            "previous_case": lambda: present().list_view.step(-1),
            "let_in": lambda: present().let_in(),
            "copy_number": self._copy_number,
            "why": lambda: present().toggle_why(),
            "restore_layout": lambda: present().restore_layout(),
        }

    def to_queue(self) -> None:
        """Leaves the room in front and moves the keyboard focus to the list of cases."""
        self._workspace().rooms.leave()
        self.to_list()

    def to_list(self) -> None:
        """Moves the keyboard focus to the list in front: that of a room, or the seat's cases."""
        if not self._workspace().rooms.take_focus():
            self._workspace().list_view.setFocus()

    def inbox(self, cmd_id: str | None = None) -> None:
        """Opens the needs-you room, or leaves it when it is open and no act is named."""
        rooms = self._workspace().rooms
        rooms.leave() if rooms.front == INBOX.id and cmd_id is None else rooms.open(INBOX.id, cmd_id)

    def _to_map(self) -> None:
        self._workspace().rooms.leave()
        self._window.to_front("map")
        self._workspace().map.go_to_choice()

    async def _going(self) -> None:
        """Opens the connection panel in the lower dock, or as a dialog at a seat without one."""
        if not self._workspace().open_lower("going"):
            await show_panel(self._window, phrase("状况"), self._connection_panel())

    def _copy_number(self) -> None:
        key = self._seat.focus.case
        case = self._seat.desk.board.find("case", key) if key else None
        if isinstance(case, Case) and case.number:
            QApplication.clipboard().setText(case.number)
            self._seat.tell(phrase("已复制 {number}", number=case.number))


async def show_panel(window: Window, title: Words, panel: QWidget) -> None:
    """Shows `panel` as a dialog until it is closed."""
    sheet = dialogs.Sheet(window, title=title, width=PANEL[0])
    panel.setFixedHeight(PANEL[1])
    sheet.content.addWidget(panel)
    sheet.add_answer(phrase("关闭"), sheet.accept, key="Esc", role="primary")
    await dialogs.run_dialog(sheet)
