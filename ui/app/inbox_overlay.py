"""The needs-you room 需处理 of one workspace: created when it is first opened, it covers the other rooms."""

from collections.abc import Callable

from commandcenter.domain.cases import Case
from ui.actions.context import UiContext
from ui.cases.words import fact_words
from ui.inbox.room import InboxRoom
from ui.kit.case_parts.clock import time_text
from ui.kit.texts.words import Words, phrase, term
from ui.window import Window


class InboxOverlay:
    """Opens and leaves the needs-you room; `focus_list` is called when the user leaves it."""

    def __init__(self, window: Window, seat: UiContext, focus_list: Callable[[], object]) -> None:
        self._window, self._seat, self._focus_list = window, seat, focus_list
        self._room: InboxRoom | None = None

    @property
    def is_open(self) -> bool:
        """Whether the room covers the other rooms."""
        return self._room is not None and not self._room.isHidden()

    def open(self, cmd_id: str | None = None) -> None:
        """Opens the room, at the act `cmd_id` if given."""
        if self._room is None:
            self._room = self._new_room()
        self._room.open(cmd_id)

    def leave(self) -> None:
        """Leaves the room, if it is open."""
        if self._room is not None:
            self._room.leave()

    def take_focus(self) -> bool:
        """Moves the keyboard focus to the room's list if the room is open; returns whether it is."""
        if self._room is None or self._room.isHidden():
            return False
        self._room.list.setFocus()
        return True

    def close(self) -> None:
        """Stops following, and deletes the room."""
        if self._room is not None:
            self._room.close_following()

    def _new_room(self) -> InboxRoom:
        seat, bar = self._seat, self._window.topbar
        room = InboxRoom(
            seat,
            follow=seat.follow,
            watch=seat.watch,
            tell=fact_words,
            left=self._time_left,
            done=seat.tell_act,
            parent=self._window,
        )
        room.came.connect(lambda: bar.enter(phrase("需处理")))
        room.came.connect(lambda: seat.tellings.mute(True))
        room.gone.connect(lambda: bar.enter(None))
        room.gone.connect(lambda: seat.tellings.mute(False))
        room.gone.connect(lambda: self._focus_list())
        return room

    def _time_left(self, case: Case) -> Words:
        clock = self._seat.clock
        standing = clock.standing(case)
        return phrase("{light} {time}", light=term("light", standing.light), time=time_text(standing, case, clock.now))
