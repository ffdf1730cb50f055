"""The workspace of a dispatcher: queue, map, case and the lower panels, each in a dock."""

from functools import partial

from ui.actions.action_table import Handlers
from ui.cases.case import CasePanel
from ui.cases.panel import QueuePanel
from ui.kit.keyboard import give_keyboard
from ui.kit.tables.view import TableView
from ui.kit.texts.words import phrase
from ui.map.near_keys import give_near_keys
from ui.window.rail import RailRoom
from ui.workspaces.case_list import CaseListActions
from ui.workspaces.cover_windows import CoverWindows
from ui.workspaces.dispatch.lower_panels import LowerPanels
from ui.workspaces.dispatch.row_height import RowHeight
from ui.workspaces.handover_cover import HANDOVER, handover_cover, has_handover
from ui.workspaces.inbox_cover import INBOX, inbox_cover
from ui.workspaces.leads_cover import LEADS, begins_at_leads, has_leads, leads_cover
from ui.workspaces.room_windows import RoomWindows
from ui.workspaces.rooms import CoverRoom, Rooms
from ui.workspaces.teams_cover import TEAMS, has_teams, lane_room, teams_cover
from ui.workspaces.workspace import WorkspaceContext, command_hint, may_take

DESK = RailRoom("to_queue", phrase("调度台"), "monitor")


class DispatchWorkspace:
    """Implements ui.workspaces.workspace.Workspace in the docks of a window."""

    def __init__(self, context: WorkspaceContext) -> None:
        self._context = context
        window, seat = context.window, context.seat
        self.person = seat.desk.person
        self.queue = QueuePanel(seat.desk, follow=seat.follow, focus=seat.focus)
        covers = self._covers()
        window.rail.show_rooms((DESK, *(cover.shown for cover in covers)))
        self.rooms = Rooms(window, DESK, covers, self.list_view)
        self._list = CaseListActions(context, self.rooms, self.list_view, window.docks["map"])
        self._row_height = RowHeight(context.settings, seat, self.queue)
        self._connect_queue()
        self.case = CasePanel(seat, follow=seat.follow)
        self.case.left.connect(partial(give_keyboard, self.queue))
        self.case.decided.connect(partial(self.rooms.open, INBOX.id))
        open_inbox = partial(self.rooms.open, INBOX.id)
        self.lower = LowerPanels(window, seat, connection_panel=context.connection_panel, open_inbox=open_inbox)
        self._fill_docks()
        self._room_windows = RoomWindows(context, window.docks, self._shared_handlers(), self.rooms.keys)
        self._cover_windows = CoverWindows(
            window,
            self.rooms,
            {room.id: room.words for room in (TEAMS, LEADS) if room.id in self.rooms.keys},
            equip=self._room_windows.equip,
            lane=partial(lane_room, seat, self._leave_for_case, partial(self._ask_window, TEAMS.id)),
        )
        seat.follow.touched.connect(self._keep_choice)
        if not window.dock_layout.restore():
            window.dock_layout.settle()
        command = command_hint(seat.desk)
        window.topbar.take_seat(intake=may_take(seat.desk), plain=False, room=DESK.words, command=command)
        for room in (self.queue.view, self.case):
            give_near_keys(room, context.map.send_near)
        context.map.light_crews(has_teams(self.person))
        context.map.show_district()  # at a unit's seat it was small and may have shown another place
        if begins_at_leads(self.person):
            self.rooms.open(LEADS.id)

    @property
    def list_view(self) -> TableView:
        """The list of cases."""
        return self.queue.view

    def handlers(self) -> Handlers:
        return {**self._shared_handlers(), "room_window": self._toggle_window}

    def _shared_handlers(self) -> Handlers:
        """Returns the handlers that do the same in any window of the seat."""
        names = (name for name in (TEAMS.id, LEADS.id, HANDOVER.id) if name in self.rooms.keys)
        rooms = {name: partial(self.rooms.toggle, name) for name in names}
        return {
            **self._list.handlers(),
            **rooms,
            "let_in": self.queue.let_in,
            "why": self._toggle_why,
            "undo": lambda: self.case.line.undo(),
            "otherwise": lambda: self.case.act_otherwise(),
            "own_acts": lambda: self.open_lower("acts"),
            "trend": lambda: self.open_lower("trend"),
            "carried": lambda: self.open_lower("carried"),
            "going": lambda: self.open_lower("going"),
            "density": self._row_height.toggle,
            "restore_layout": self._restore_layout,
        }

    def open_lower(self, name: str) -> None:
        """Leaves the room in front, opens a panel of the lower dock and unfolds the dock."""
        self.rooms.leave()
        self.lower.open(name)
        self._context.window.dock_layout.unfold()
        self._context.window.docks["lower"].to_front()

    def close(self) -> None:
        """Stops following and clears the toasts of the user who leaves; the docks keep their panels."""
        self._context.window.toasts.clear()
        self._room_windows.close()
        self._cover_windows.close()
        self.rooms.close()
        self._context.map.show_only(None)
        self._context.map.light_crews(False)
        self.lower.close_following()
        self._context.seat.follow.touched.disconnect(self._keep_choice)
        self.queue.close_following()
        self.case.close_following()

    def _toggle_why(self) -> None:
        """Shows or hides the explanation of the deadline, with the case in front."""
        self._context.window.docks["case"].to_front()
        self.case.toggle_why()

    def _restore_layout(self) -> None:
        """Restores the default docks and columns, and moves the keyboard focus to the list."""
        self._room_windows.bring_back()
        self._cover_windows.bring_back()
        self._context.window.dock_layout.arrange()
        self.queue.arrange_columns("")
        self.rooms.to_ground()

    def _covers(self) -> tuple[CoverRoom, ...]:
        window, seat = self._context.window, self._context.seat
        covers = [inbox_cover(window, seat)]
        if has_handover(self.person):
            covers.append(handover_cover(window, seat, self._context.settings))
        if has_leads(self.person):
            ask = partial(self._ask_window, LEADS.id)
            covers.insert(0, leads_cover(window, seat, self._leave_for_case, ask))
        if has_teams(self.person):
            covers.insert(0, teams_cover(window, seat, self._leave_for_case, partial(self._ask_window, TEAMS.id)))
        return tuple(covers)

    def _ask_window(self, room: str, street: str) -> None:
        """Opens the window of a street's lane; without a street, moves the room to a window of its own, or back."""
        self._cover_windows.open_lane(street) if street else self._cover_windows.toggle(room)

    def _toggle_window(self) -> None:
        """Moves the room in front to a window of its own, or else the panel with the keyboard focus, or the map."""
        front = self.rooms.front
        self._cover_windows.toggle(front) if front in (TEAMS.id, LEADS.id) else self._room_windows.toggle()

    def _leave_for_case(self) -> None:
        """Leaves the room in front for the chosen case at the desk."""
        self.rooms.leave()
        self._to_case("")

    def _connect_queue(self) -> None:
        kept = self._context.window.kept
        self.queue.wanted.connect(self._context.act)
        self.queue.narrowed.connect(self._context.map.show_only)
        self.queue.opened.connect(self._to_case)
        self.queue.arrange_columns(kept.text("columns"))
        self.queue.columns_arranged.connect(lambda line: kept.keep("columns", line))

    def _fill_docks(self) -> None:
        docks, board_map = self._context.window.docks, self._context.map
        with self._context.window.dock_layout.preserving_docks():
            docks["queue"].hold(self.queue, self.queue.head)
            docks["map"].hold(board_map, board_map.header)
            board_map.header.show()
            docks["case"].hold(self.case, self.case.head)
            docks["lower"].hold(self.lower, self.lower.head)

    def _to_case(self, _key: str) -> None:
        """Moves the keyboard focus from a row to the buttons of its case; Esc there leads back."""
        self._context.window.docks["case"].to_front()
        self.case.focus_steps()

    def _keep_choice(self, _touched: object) -> None:
        """Marks the chosen case in the queue as soon as its row appears."""
        chosen = self._context.seat.focus.case
        if chosen:
            row = self.queue.model.row_of(chosen)
            if row is not None and row != self.queue.view.currentIndex().row():
                self.queue.view.choose(chosen, reveal=True)
