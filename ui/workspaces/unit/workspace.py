"""The workspace of a unit, a department or a grid leader: one room in the place of all docks."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDockWidget, QWidget

from commandcenter.domain.cases import Case
from commandcenter.store.touched import Touched
from ui.actions.action_table import Handlers
from ui.cases.words import fact_words
from ui.kit import dialogs, records
from ui.kit.tables.view import TableView
from ui.kit.texts import names
from ui.kit.texts.words import Words, phrase
from ui.map.panel import SETTLED
from ui.theme.tokens import MEASURES
from ui.unit.seat import UnitSeat
from ui.window.dock import Dock
from ui.window.frame import DOCKS
from ui.window.rail import RailRoom
from ui.workspaces.case_list import CaseListActions
from ui.workspaces.inbox_cover import inbox_cover
from ui.workspaces.room_windows import RoomWindows
from ui.workspaces.rooms import Rooms
from ui.workspaces.workspace import WorkspaceContext, may_take

UNIT = RailRoom("to_queue", phrase("待办"), "inbox")
MAP_HEIGHT = 200  # pixels, at least
PANEL = (760, 420)  # pixels, of the dialog about the connection


class UnitWorkspace:
    """Implements ui.workspaces.workspace.Workspace without docks."""

    def __init__(self, context: WorkspaceContext) -> None:
        self._context = context
        window, seat = context.window, context.seat
        self.person = seat.desk.person
        self._map_dock = self._new_map_dock()
        self.unit = UnitSeat(
            seat.desk,
            follow=seat.follow,
            focus=seat.focus,
            clock=seat.clock,
            act=context.act,
            tell=fact_words,
            spot=self._map_dock,
        )
        self.rooms = Rooms(window, UNIT, (inbox_cover(window, seat),), self.list_view)
        window.put_room(self.unit)
        self._room_windows = RoomWindows(context, {"map": self._map_dock}, self._shared_handlers(), self.rooms.keys)
        window.rail.show_rooms((UNIT,))
        self._update_top_bar()
        seat.follow.touched.connect(self._learn_names)
        seat.focus.changed.connect(self._look_at_place)
        context.map.drawn.connect(self._look_at_place)
        QTimer.singleShot(SETTLED, self.unit, self._look_at_place)

    @property
    def list_view(self) -> TableView:
        """The list of cases."""
        return self.unit.inbox.view

    def handlers(self) -> Handlers:
        return {**self._shared_handlers(), "room_window": self._room_windows.toggle}

    def close(self) -> None:
        """Stops following, clears the toasts of the user who leaves, and gives the window its docks back."""
        self._context.window.toasts.clear()
        self._room_windows.close()
        self.rooms.close()
        self._context.map.show_only(None)
        self._context.seat.follow.touched.disconnect(self._learn_names)
        self._context.seat.focus.changed.disconnect(self._look_at_place)
        self._context.map.drawn.disconnect(self._look_at_place)
        for part in (self._context.map, self._context.map.header):
            part.setParent(None)
        self._context.window.leave_room()

    def _shared_handlers(self) -> Handlers:
        """Returns the handlers that do the same in any window of the seat."""
        actions = CaseListActions(self._context, self.rooms, self.list_view, self._map_dock)
        return {**actions.handlers(), "going": self._show_connection}

    def _new_map_dock(self) -> Dock:
        """Returns a dock that is a part of the room: its map can move to a window of its own, not within this one."""
        board_map = self._context.map
        dock = Dock("unit-map", DOCKS["map"], self._context.window, self._context.window.kept)
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        dock.setMinimumHeight(MAP_HEIGHT + MEASURES.dock_header)
        dock.hold(board_map, board_map.header)
        return dock

    async def _show_connection(self) -> None:
        self.rooms.leave()
        await _show_panel(self._context.window, phrase("状况"), self._context.connection_panel())

    def _look_at_place(self, *_chosen: object) -> None:
        """Keeps the map near the chosen case: what a unit asks of it is the place, not the district."""
        seat = self._context.seat
        case = records.find(seat.desk.board, Case, seat.focus.case)
        if case is not None and case.spot is not None and self._context.map.is_drawn:
            self._context.map.view.look_at(case.spot.lon, case.spot.lat)

    def _learn_names(self, touched: Touched) -> None:
        """Shows the holder's name as soon as the board has it."""
        if touched.concerns("holder"):
            self._update_top_bar()

    def _update_top_bar(self) -> None:
        desk = self._context.seat.desk
        scope = names.scope_name(desk.board, desk.person.scope) if desk.person else ""
        self._context.window.topbar.take_seat(intake=may_take(desk), plain=True, room=UNIT.words, scope=scope)


async def _show_panel(window: QWidget, title: Words, panel: QWidget) -> None:
    """Shows `panel` as a dialog until it is closed."""
    sheet = dialogs.Sheet(window, title=title, width=PANEL[0])
    panel.setFixedHeight(PANEL[1])
    sheet.content.addWidget(panel)
    sheet.add_answer(phrase("关闭"), sheet.accept, key="Esc", role="primary")
    await dialogs.run_dialog(sheet)
