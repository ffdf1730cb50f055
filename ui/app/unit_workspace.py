"""The workspace of a unit, a department or a grid leader: one room in the place of all docks."""

from collections.abc import Callable

from commandcenter.store.touched import Touched
from ui.actions.context import UiContext
from ui.app.inbox_cover import inbox_cover
from ui.app.rooms import Rooms
from ui.app.workspace import may_take
from ui.cases.words import fact_words
from ui.kit.tables.view import TableView
from ui.kit.texts import names
from ui.kit.texts.words import phrase
from ui.map.panel import MapPanel
from ui.theme.tokens import MEASURES
from ui.unit.seat import UnitSeat
from ui.window import Window
from ui.window.rail import RailRoom

UNIT = RailRoom("to_queue", phrase("待办"), "inbox", "Ctrl 1")


class UnitWorkspace:
    """Implements ui.app.workspace.Workspace without docks; `act(name)` triggers an action of the registry."""

    has_docks = False

    def __init__(self, window: Window, seat: UiContext, board_map: MapPanel, *, act: Callable[[str], object]) -> None:
        self._window, self._seat = window, seat
        self.person = seat.desk.person
        self.map = board_map
        self.map.setMinimumHeight(200 + MEASURES.dock_header)
        self.unit = UnitSeat(
            seat.desk,
            follow=seat.follow,
            focus=seat.focus,
            clock=seat.clock,
            act=act,
            tell=fact_words,
            spot=board_map,
        )
        self.rooms = Rooms(window, UNIT, (inbox_cover(window, seat),), self.list_view.setFocus)
        window.put_room(self.unit)
        window.rail.show_rooms((UNIT,))
        window.toasts.keep_above(MEASURES.status_bar + self.unit.day.sizeHint().height())
        self._update_top_bar()
        seat.follow.touched.connect(self._learn_names)

    @property
    def list_view(self) -> TableView:
        return self.unit.inbox.view

    # What needs docks does nothing here.
    def let_in(self) -> None: ...
    def toggle_why(self) -> None: ...
    def restore_layout(self) -> None: ...
    def set_row_height(self, pixels: int) -> None: ...

    def open_lower(self, name: str) -> bool:
        """Leaves the room in front; returns False, because there is no lower dock."""
        self.rooms.leave()
        return False

    def close(self) -> None:
        """Stops following, clears the toasts of the user who leaves, and gives the window its docks back."""
        self._window.toasts.clear()
        self.rooms.close()
        self.map.show_only(None)
        self._seat.follow.touched.disconnect(self._learn_names)
        self.map.setParent(None)
        self._window.leave_room()

    def _learn_names(self, touched: Touched) -> None:
        """Shows the holder's name as soon as the board has it."""
        if touched.concerns("holder"):
            self._update_top_bar()

    def _update_top_bar(self) -> None:
        desk = self._seat.desk
        scope = names.scope_words(desk.board, desk.person) if desk.person else ""
        self._window.topbar.take_seat(intake=may_take(desk), plain=True, room=UNIT.words, scope=scope)
