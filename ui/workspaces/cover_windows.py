"""Windows of their own for the rooms that cover the ground, and for single lanes of one, on another screen."""

from collections.abc import Callable, Mapping

from ui.kit.keyboard import bring_to_front
from ui.kit.panels.cover import Cover
from ui.kit.texts.words import Words
from ui.window import Window
from ui.window.dock import bare_head
from ui.window.room_window import RoomWindow
from ui.workspaces.rooms import Rooms

LANES = "lanes/out"  # under which the lanes that are out are kept


class CoverWindows:
    """Moves the rooms `titles` out and back, while the window shows its ground, and opens lanes beside them.

    `equip` gives a window its keys. `lane(street)` returns a new room of one street and its title; None where this seat
    has no such lane. What the user left in a window of its own goes there again at the next start.
    """

    def __init__(
        self,
        window: Window,
        rooms: Rooms,
        titles: Mapping[str, Words],
        *,
        equip: Callable[[RoomWindow], None],
        lane: Callable[[str], tuple[Cover, Words] | None],
    ) -> None:
        self._window, self._rooms, self._titles = window, rooms, titles
        self._equip, self._lane = equip, lane
        self._out: dict[str, RoomWindow] = {}
        self._lanes: dict[str, tuple[RoomWindow, Cover]] = {}
        for name in titles:
            if window.kept.text(f"{name}/out"):
                self._move_out(name, active=False)
        for street in window.kept.text(LANES).split():
            self._open_lane(street, active=False)

    def toggle(self, name: str) -> None:
        """Moves a room, and the keyboard with it, to a window of its own, or back; the profile keeps the choice."""
        self._window.kept.keep(f"{name}/out", "" if name in self._out else "yes")
        if name in self._out:
            self._take_back(name)
            self._rooms.open(name)
        else:
            self._move_out(name, active=True)

    def open_lane(self, street: str) -> None:
        """Opens a window with the lane of one street, or brings it to the front; the profile keeps the choice."""
        if street in self._lanes:
            bring_to_front(self._lanes[street][0])
        else:
            self._open_lane(street, active=True)
            self._keep_lanes()

    def bring_back(self) -> None:
        """Puts all rooms back and closes the lanes, for good."""
        for name in tuple(self._out):
            self._window.kept.keep(f"{name}/out", "")
            self._take_back(name)
        for street in tuple(self._lanes):
            self._close_lane(street)

    def close(self) -> None:
        """Puts the rooms back and closes the lanes until the next user, or the next start."""
        for name in tuple(self._out):
            self._take_back(name)
        for street in tuple(self._lanes):
            self._end_lane(street)

    def _move_out(self, name: str, *, active: bool) -> None:
        room = self._rooms.made(name)
        room.leave()
        self._out[name] = self._new_window(name, self._titles[name], room, active=active)
        self._out[name].left.connect(lambda: self.toggle(name))

    def _take_back(self, name: str) -> None:
        out = self._out.pop(name)
        room = self._rooms.made(name)
        room.stand_alone(False)
        room.setParent(self._window)
        room.hide()
        out.end()

    def _open_lane(self, street: str, *, active: bool) -> None:
        found = self._lane(street)
        if found is not None:
            room, title = found
            out = self._new_window(f"lane-{street}", title, room, active=active)
            out.left.connect(lambda: self._close_lane(street))
            self._lanes[street] = out, room

    def _close_lane(self, street: str) -> None:
        self._end_lane(street)
        self._keep_lanes()

    def _end_lane(self, street: str) -> None:
        out, room = self._lanes.pop(street)
        room.close_following()
        out.end()

    def _keep_lanes(self) -> None:
        self._window.kept.keep(LANES, " ".join(self._lanes))

    def _new_window(self, name: str, title: Words, room: Cover, *, active: bool) -> RoomWindow:
        room.stand_alone(True)
        out = RoomWindow(name, title, self._window.kept, bare_head(), room)
        self._equip(out)
        out.show_on(self._window.screen(), active=active)
        room.enter(None)
        return out
