"""The console of an open desk: map, workspace, actions, bars and sign-in in one window."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from commandcenter.bootstrap import Desk, Unavailable
from commandcenter.domain.people import HOLDER_ROLES
from ui.actions.context import UiContext
from ui.app.dispatch_workspace import DispatchWorkspace
from ui.app.first_paint import FirstPaint
from ui.app.host import Host
from ui.app.inbox_cover import INBOX
from ui.app.profile_troubles import SECONDS, troubles
from ui.app.role_change import RoleChange
from ui.app.sign_in_flow import SignInFlow
from ui.app.unit_workspace import UnitWorkspace
from ui.app.window_actions import WindowActions
from ui.app.workspace import Workspace
from ui.kit.texts.faults import fault
from ui.map.panel import MapPanel
from ui.status.banner import ConnectionBanner
from ui.status.bar import StatusBar
from ui.status.columns import own_acts_needing_decision
from ui.status.panel import ConnectionPanel
from ui.window import Window

if TYPE_CHECKING:
    from commandcenter.settings.file import Settings
    from ui.app.arguments import StartOptions
    from ui.app.drilling import DrillController
    from ui.app.faults import Faults
    from ui.app.marks import Marks


class Console:
    """Everything over `desk` in a window, from its first rows to the end of the program.

    `drilling` is None in a real hall; `leave` ends the program.
    """

    def __init__(
        self,
        window: Window,
        desk: Desk,
        start: "StartOptions",
        settings: "Settings",
        *,
        host: Host,
        faults: "Faults",
        marks: "Marks",
        drilling: "DrillController | None",
        leave: Callable[[], object],
    ) -> None:
        self._window, self._host, self._faults, self._marks = window, host, faults, marks
        self._drilling = drilling
        self.seat = seat = UiContext(desk=desk, window=window, toasts=window.toasts)
        desk.tasks.failed = faults.note
        faults.say = lambda error: seat.tell(fault(error.code, error.about), "warn")
        self.actions = WindowActions(
            window,
            seat,
            settings,
            workspace=lambda: self.workspace,
            connection_panel=self._new_connection_panel,
            change_user=lambda: self.sign_in.ask(),
            leave=leave,
        )
        window.topbar.asked.connect(self._act)
        window.rail.asked.connect(self._act)
        self.status = self._new_status_bar()
        self.banner = self._new_banner()
        to_list = self.actions.workspace.to_queue
        self.sign_in = SignInFlow(
            seat, host, start, self.banner, prepare=self._prepare, enter=self._enter, to_list=to_list
        )
        self._role_change = RoleChange(seat, self._furnish, lambda: self.workspace.person)
        seat.watch.changed.connect(self._count_needs)
        self._first_paint = FirstPaint(window)
        self._first_paint.seen.connect(self._on_first_paint)
        self.map = self._new_map(settings)
        self.workspace = self._new_workspace()
        self._settle()
        self._troubles = troubles(settings, desk)

    async def connect(self) -> None:
        """Reaches the platform and signs in with the account given, or asks who signs in; shows what fails.

        A demonstration gets its drill, a data folder that turned out to hold a hall's own database does not.
        """
        try:
            url = await self.sign_in.reach()
            if self._drilling is not None and self._host.is_demonstration:
                self._drilling.equip(self.seat, self.actions.registry)
            await self.sign_in.begin(url)
        except Unavailable as error:
            if error.code in ("no_demo_account", "no_demo_accounts"):  # also to the terminal where it was named
                print(fault(error.code, error.about), file=sys.stderr)
            self.sign_in.ask(error)

    async def close_rooms(self) -> None:
        """Closes everything over the desk; the desk itself stays open."""
        self.workspace.close()
        self.map.shut()
        self._role_change.close()
        self.seat.close()

    async def _prepare(self, url: str) -> None:
        """Waits for the first paint; at another platform than this console's, a real one, there is no drill."""
        await self._first_paint.wait_until_painted()
        if self._drilling is not None and not self._host.is_here(url):
            self._drilling.end()

    def _enter(self, is_other: bool) -> None:
        """Builds the rooms of another person; shows the profile's troubles, now that there is a user to read them."""
        if is_other:
            self._furnish()
        while self._troubles:
            self._window.toasts.tell(self._troubles.pop(0), tone="warn", seconds=SECONDS)

    def _furnish(self) -> None:
        """Replaces the workspace by one of the present person, who finds no form of the former one."""
        self.workspace.close()
        self.seat.clock.turn()
        self.workspace = self._new_workspace()
        self.actions.intake.end()
        self._settle()

    def _settle(self) -> None:
        """Makes the new workspace ready for the keyboard; the map starts as soon as its list is painted."""
        self.actions.appearance.apply_density()
        self.actions.workspace.to_queue()
        if self._drilling is not None:
            self._drilling.settle()
        listed = self.workspace.list_view
        if self._first_paint.came:
            QTimer.singleShot(50, self.map, self.map.start)
        else:
            self._first_paint.watch(listed.parentWidget() or listed)

    def _on_first_paint(self) -> None:
        """Starts the web engine only now that the list is visible, because it takes much of the machine."""
        self._marks.reach("usable")
        self.map.start()

    def _new_workspace(self) -> Workspace:
        """Returns the workspace of the person's role; a dispatcher's while nobody is signed in."""
        window, seat, person = self._window, self.seat, self.seat.desk.person
        if person is not None and person.role in HOLDER_ROLES:
            return UnitWorkspace(window, seat, self.map, act=self._act)
        panel = self._new_connection_panel
        return DispatchWorkspace(window, seat, self.map, act=self._act, connection_panel=panel)

    def _new_map(self, settings: "Settings") -> MapPanel:
        board_map = MapPanel(self.seat, self.seat.follow, cache_dir=settings.folder / "map")
        board_map.drawn.connect(lambda: self._marks.reach("map_drawn"))
        board_map.drawn.connect(self._window.dock_layout.restore_floating_map)
        return board_map

    def _new_status_bar(self) -> StatusBar:
        bar = StatusBar(self.seat.desk, self.seat.follow, self.seat.watch)
        bar.asked.connect(lambda: self._act("going"))
        bar.needed.connect(lambda: self._act("inbox"))
        self.seat.tellings.open_inbox = self.actions.workspace.inbox
        self._window.put_status(bar)
        return bar

    def _new_banner(self) -> ConnectionBanner:
        banner = ConnectionBanner(
            self.seat.desk,
            self.seat.follow,
            self.seat.watch,
            sign_in=lambda: self.sign_in.renew(),
            details=lambda: self._act("going"),
        )
        self._window.put_banner(banner)
        return banner

    def _new_connection_panel(self) -> ConnectionPanel:
        seat = self.seat
        address, number = lambda: self.sign_in.address, lambda: self._faults.last
        return ConnectionPanel(seat.desk, seat.follow, seat.watch, address=address, fault=number)

    def _count_needs(self) -> None:
        self._window.count_needs(INBOX.id, len(own_acts_needing_decision(self.seat.desk)))

    def _act(self, name: str) -> None:
        self.actions.registry.trigger(name)
