"""The windows of those rooms that the user moved out of the docks, each with keys of its own."""

from collections.abc import Mapping
from functools import partial

from ui.actions.action_table import Handlers, case_actions, desk_actions, suits
from ui.actions.appearance_actions import AppearanceActions
from ui.actions.keysheet import show_keys
from ui.actions.registry import Actions
from ui.kit.keyboard import bring_to_front
from ui.window.dock import Dock
from ui.window.room_window import RoomWindow
from ui.workspaces.workspace import WorkspaceContext

# where these open what they are about
IN_MAIN_WINDOW = ("intake", "search", "command_line", "attention", "change_user", "quit")


class RoomWindows:
    """Gives each window of `docks` the actions of the seat: those on itself, and `shared`, which any window has.

    `keys` are those of the rooms. An action that opens something in another window brings that to the front.

    What the user left in a window of its own goes there again; the map once it is drawn, because an engine that was
    first drawn outside stays black in a dock.
    """

    def __init__(
        self, context: WorkspaceContext, docks: Mapping[str, Dock], shared: Handlers, keys: Mapping[str, str]
    ) -> None:
        self._context, self._docks, self._shared, self._keys = context, docks, shared, keys
        for dock in self._docks.values():
            dock.went_out.connect(self.equip)
        for name in docks.keys() - {"map"}:
            docks[name].move_out_as_kept()
        context.map.drawn.connect(self._move_map_out)
        if context.map.is_drawn:
            self._move_map_out()

    def toggle(self) -> None:
        """Moves the room with the keyboard focus, or else the map, to a window of its own, or the map back."""
        next((dock for dock in self._docks.values() if dock.has_focus), self._docks["map"]).toggle()

    def bring_back(self) -> None:
        """Puts all rooms back into their docks for good."""
        for dock in self._docks.values():
            if dock.is_out:
                dock.toggle()

    def equip(self, out: RoomWindow) -> None:
        """Gives a window its keys: the seat's, and those on itself."""
        seat = self._context.seat.over(out)
        registry = Actions(out, suits=partial(suits, seat=seat))
        handlers: Handlers = {
            **{name: partial(self._in_main_window, name) for name in IN_MAIN_WINDOW},
            **self._shared,
            **AppearanceActions(out, seat, self._context.settings).handlers(),
            "keys": lambda: show_keys(out, registry, bars=False),
            "room_window": out.close,
        }
        out.escaped.connect(self._shared["to_queue"])
        registry.offer((*case_actions(seat), *desk_actions(handlers, self._keys)))

    def close(self) -> None:
        """Puts the rooms back until the next user, or the next start."""
        self._context.map.drawn.disconnect(self._move_map_out)
        for dock in self._docks.values():
            dock.went_out.disconnect(self.equip)
            dock.take_back()

    def _move_map_out(self) -> None:
        self._docks["map"].move_out_as_kept()
        self._context.map.show_district()

    def _in_main_window(self, action: str) -> None:
        self._context.act(action)
        bring_to_front(self._context.window)
