"""The workspace of a dispatcher: queue, map, case and the lower panels, each in a dock."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from ui.actions.context import UiContext
from ui.app.inbox_cover import INBOX, inbox_cover
from ui.app.lower_panels import LowerPanels
from ui.app.rooms import Rooms
from ui.app.workspace import may_take
from ui.cases.case import CasePanel
from ui.cases.panel import QueuePanel
from ui.kit.tables.view import TableView
from ui.kit.texts.words import phrase
from ui.map.panel import MapPanel
from ui.theme.tokens import MEASURES
from ui.window import Window
from ui.window.rail import RailRoom

DESK = RailRoom("to_queue", phrase("调度台"), "monitor", "Ctrl 1")
CASE_BUTTONS_HEIGHT = 96  # pixels at the foot of the case that toasts must not cover: its buttons


class DispatchWorkspace:
    """Implements ui.app.workspace.Workspace in the docks of a window.

    `act(name)` triggers an action of the registry, `connection_panel` returns a new panel about the connection.
    """

    has_docks = True

    def __init__(
        self,
        window: Window,
        seat: UiContext,
        board_map: MapPanel,
        *,
        act: Callable[[str], object],
        connection_panel: Callable[[], QWidget],
    ) -> None:
        self._window, self._seat = window, seat
        self.person = seat.desk.person
        self.map = board_map
        self.queue = QueuePanel(seat.desk, follow=seat.follow, focus=seat.focus)
        window.rail.show_rooms((DESK, INBOX))
        self.rooms = Rooms(window, DESK, (inbox_cover(window, seat),), self.list_view.setFocus)
        self._connect_queue(act)
        self.case = CasePanel(seat, follow=seat.follow)
        self.case.left.connect(self.queue.setFocus)
        self.lower = LowerPanels(
            window, seat, connection_panel=connection_panel, open_inbox=partial(self.rooms.open, INBOX.id)
        )
        self._fill_docks()
        seat.follow.touched.connect(self._keep_choice)
        if not window.dock_layout.restore():
            window.dock_layout.settle()
        window.toasts.keep_above(MEASURES.status_bar + CASE_BUTTONS_HEIGHT)
        window.topbar.take_seat(intake=may_take(seat.desk), plain=False, room=DESK.words)
        self.map.whole()  # at a unit's seat it was small and may have shown another place

    @property
    def list_view(self) -> TableView:
        return self.queue.view

    def let_in(self) -> None:
        self.queue.let_in()

    def toggle_why(self) -> None:
        """Shows or hides the explanation of the deadline, with the case in front."""
        self._window.to_front("case")
        self.case.toggle_why()

    def restore_layout(self) -> None:
        self._window.dock_layout.arrange()
        self.queue.arrange_columns("")
        self.rooms.leave()
        self.list_view.setFocus()

    def set_row_height(self, pixels: int) -> None:
        self.queue.set_row_height(pixels)

    def open_lower(self, name: str) -> bool:
        """Leaves the room in front, opens a panel of the lower dock and unfolds the dock; returns True."""
        self.rooms.leave()
        self.lower.open(name)
        self._window.dock_layout.unfold()
        return True

    def close(self) -> None:
        """Stops following and clears the toasts of the user who leaves; the docks keep their panels."""
        self._window.toasts.clear()
        self.rooms.close()
        self.map.show_only(None)
        self.lower.close_following()
        self._seat.follow.touched.disconnect(self._keep_choice)
        self.queue.close_following()
        self.case.close_following()

    def _connect_queue(self, act: Callable[[str], object]) -> None:
        kept = self._window.dock_layout
        self.queue.wanted.connect(act)
        self.queue.narrowed.connect(self.map.show_only)
        self.queue.opened.connect(self._to_case)
        self.queue.arrange_columns(kept.recall("columns"))
        self.queue.columns_arranged.connect(lambda line: kept.remember("columns", line))

    def _fill_docks(self) -> None:
        docks = self._window.docks
        with self._window.dock_layout.preserving_docks():
            docks["queue"].hold(self.queue, self.queue.head)
            docks["map"].hold(self.map, self.map.header)
            self.map.header.show()
            docks["case"].hold(self.case, self.case.head)
            docks["lower"].hold(self.lower, self.lower.head)

    def _to_case(self, _key: str) -> None:
        """Moves the keyboard focus from a row to the buttons of its case; Esc there leads back."""
        self._window.to_front("case")
        self.case.focus_steps()

    def _keep_choice(self, _touched: object) -> None:
        """Marks the chosen case in the queue as soon as its row appears."""
        chosen = self._seat.focus.case
        if chosen:
            row = self.queue.model.row_of(chosen)
            if row is not None and row != self.queue.view.currentIndex().row():
                self.queue.view.choose(chosen, reveal=True)
