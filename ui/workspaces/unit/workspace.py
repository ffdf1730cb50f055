"""The workspace of a unit, a department or a grid leader: one room in the place of all docks."""

from PySide6.QtWidgets import QWidget

from commandcenter.store.touched import Touched
from ui.actions.action_table import Handlers
from ui.cases.words import fact_words
from ui.kit import dialogs
from ui.kit.tables.view import TableView
from ui.kit.texts import names
from ui.kit.texts.words import Words, phrase
from ui.theme.tokens import MEASURES
from ui.unit.seat import UnitSeat
from ui.window.rail import RailRoom
from ui.workspaces.case_list import CaseListActions
from ui.workspaces.inbox_cover import inbox_cover
from ui.workspaces.rooms import Rooms
from ui.workspaces.workspace import WorkspaceContext, may_take

UNIT = RailRoom("to_queue", phrase("待办"), "inbox")
PANEL = (760, 420)  # pixels, of the dialog about the connection


class UnitWorkspace:
    """Implements ui.workspaces.workspace.Workspace without docks."""

    def __init__(self, context: WorkspaceContext) -> None:
        self._context = context
        window, seat = context.window, context.seat
        self.person = seat.desk.person
        context.map.setMinimumHeight(200 + MEASURES.dock_header)
        self.unit = UnitSeat(
            seat.desk,
            follow=seat.follow,
            focus=seat.focus,
            clock=seat.clock,
            act=context.act,
            tell=fact_words,
            spot=context.map,
        )
        self.rooms = Rooms(window, UNIT, (inbox_cover(window, seat),), self.list_view.setFocus)
        window.put_room(self.unit)
        window.rail.show_rooms((UNIT,))
        window.toasts.keep_above(MEASURES.status_bar + self.unit.day.sizeHint().height())
        self._update_top_bar()
        seat.follow.touched.connect(self._learn_names)

    @property
    def list_view(self) -> TableView:
        """The list of cases."""
        return self.unit.inbox.view

    @property
    def front(self) -> QWidget:
        return self.list_view.parentWidget() or self.list_view

    def handlers(self) -> Handlers:
        return {
            **CaseListActions(self._context, self.rooms, self.list_view).handlers(),
            "going": self._show_connection,
        }

    def take_focus(self) -> None:
        self.rooms.take_focus()

    def close(self) -> None:
        """Stops following, clears the toasts of the user who leaves, and gives the window its docks back."""
        self._context.window.toasts.clear()
        self.rooms.close()
        self._context.map.show_only(None)
        self._context.seat.follow.touched.disconnect(self._learn_names)
        self._context.map.setParent(None)
        self._context.window.leave_room()

    async def _show_connection(self) -> None:
        self.rooms.leave()
        await _show_panel(self._context.window, phrase("状况"), self._context.connection_panel())

    def _learn_names(self, touched: Touched) -> None:
        """Shows the holder's name as soon as the board has it."""
        if touched.concerns("holder"):
            self._update_top_bar()

    def _update_top_bar(self) -> None:
        desk = self._context.seat.desk
        scope = names.scope_words(desk.board, desk.person) if desk.person else ""
        self._context.window.topbar.take_seat(intake=may_take(desk), plain=True, room=UNIT.words, scope=scope)


async def _show_panel(window: QWidget, title: Words, panel: QWidget) -> None:
    """Shows `panel` as a dialog until it is closed."""
    sheet = dialogs.Sheet(window, title=title, width=PANEL[0])
    panel.setFixedHeight(PANEL[1])
    sheet.content.addWidget(panel)
    sheet.add_answer(phrase("关闭"), sheet.accept, key="Esc", role="primary")
    await dialogs.run_dialog(sheet)
