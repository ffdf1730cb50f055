"""The rooms of a workspace: its own ground, and those that cover it, each created when it is first opened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from ui.kit.keyboard import bring_to_front, give_keyboard
from ui.kit.panels.cover import Cover
from ui.window import Window
from ui.window.rail import RailRoom, room_key


@dataclass(frozen=True, slots=True)
class CoverRoom:
    """A room that covers the ground of the workspace, and what makes it."""

    shown: RailRoom
    make: Callable[[], Cover]


class Rooms:
    """Opens and leaves the rooms `covers`; at most one of them is in front of the `ground`.

    `home` has the keyboard on the ground; it may stand in another window. The first paint of it, or of what shows
    something in its place, makes the seat usable.
    """

    def __init__(self, window: Window, ground: RailRoom, covers: Sequence[CoverRoom], home: QWidget) -> None:
        self._window, self._ground, self.home = window, ground, home
        self._covers = {cover.shown.id: cover for cover in covers}
        self._made: dict[str, Cover] = {}
        self.front = ""  # the id of the room that covers the ground

    @property
    def keys(self) -> Mapping[str, str]:
        """The key of each room by the action that opens it, in Qt's notation: Ctrl+1 for the ground, and so on."""
        return {name: room_key(number) for number, name in enumerate((self._ground.id, *self._covers), 1)}

    @property
    def in_front(self) -> QWidget:
        """What the user sees: the room in front, or the panel that has the ground's keyboard."""
        return self._made[self.front] if self.front else self.home.parentWidget() or self.home

    def open(self, name: str, item: str | None = None) -> None:
        """Opens a room, at `item` of it if given; one in a window of its own comes to the front there."""
        room = self.made(name)
        if room.is_out:
            room.enter(item)
            bring_to_front(room)
            return
        for other in self._made.values():
            if other is not room:
                other.leave()
        room.open(item)
        bring_to_front(self._window)

    def made(self, name: str) -> Cover:
        """Returns a room, which is made if it was never opened."""
        if name not in self._made:
            self._made[name] = self._new(self._covers[name])
        return self._made[name]

    def toggle(self, name: str) -> None:
        """Opens a room, or leaves it when it is in front."""
        self.to_ground() if self.front == name else self.open(name)

    def to_ground(self) -> None:
        """Leaves the room in front, if one is, and gives the ground the keyboard."""
        self.leave()
        give_keyboard(self.home)

    def leave(self) -> None:
        """Leaves the room in front, if one is."""
        if self.front:
            self._made[self.front].leave()

    def take_focus(self) -> None:
        """Moves the keyboard focus to the room in front, within its window."""
        self._made[self.front].take_focus() if self.front else self.home.setFocus()

    def give_back(self) -> None:
        """Gives the room in front the keyboard again: the user closed what lay over it."""
        self._made[self.front].take_focus() if self.front else give_keyboard(self.home)

    def close(self) -> None:
        """Stops following, and deletes the rooms."""
        for room in self._made.values():
            room.close_following()

    def _new(self, cover: CoverRoom) -> Cover:
        room = cover.make()
        room.came.connect(lambda: self._enter(cover.shown))
        room.gone.connect(self._return)
        room.dismissed.connect(self.to_ground)
        return room

    def _enter(self, room: RailRoom) -> None:
        self.front = room.id
        self._window.tell_room(room.id, room.words)

    def _return(self) -> None:
        self.front = ""
        self._window.tell_room(self._ground.id, None)
        self.home.setFocus()
