"""Opens a console, from the empty window to a working seat, in the order in which the user needs it; and closes it."""

import asyncio
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from commandcenter.bootstrap import Environment, Unavailable, open_desk
from commandcenter.sync.connection import State
from ui.actions.context import UiContext
from ui.app.closing import run_with_timeout
from ui.app.first_paint import FirstPaint
from ui.app.host import Host
from ui.app.profile_error import ProfileErrorCard
from ui.app.profile_troubles import SECONDS, troubles
from ui.app.progress import progress_text
from ui.app.role_change import RoleChange
from ui.app.window_actions import WindowActions
from ui.app.workspace import Workspace
from ui.app.workspaces import new_workspace
from ui.kit import tasks
from ui.kit.faults import fault
from ui.kit.tasks import spawn
from ui.kit.words import Words, phrase
from ui.map.panel import MapPanel
from ui.signin.room import SignInRoom
from ui.status.banner import ConnectionBanner
from ui.status.bar import StatusBar
from ui.status.columns import own_acts_needing_decision
from ui.status.panel import ConnectionPanel
from ui.window import Window

if TYPE_CHECKING:
    from commandcenter.bootstrap import EmbeddedPlatform
    from commandcenter.settings.file import Settings
    from ui.app.arguments import StartOptions
    from ui.app.drilling import DrillController
    from ui.app.faults import Faults
    from ui.app.marks import Marks

PATIENCE = 6.0  # seconds that a step of closing may take


class ConsoleApplication:
    """One console from its first paint to its end; `failed` is the error when the profile could not be opened."""

    def __init__(
        self,
        window: Window,
        start: "StartOptions",
        settings: "Settings",
        faults: "Faults",
        marks: "Marks",
        *,
        running: "EmbeddedPlatform | None" = None,
    ) -> None:
        """`running`: a platform of this machine that was started already."""
        self.window, self.start, self.settings = window, start, settings
        self._faults, self._marks = faults, marks
        self.ended: asyncio.Event = asyncio.Event()
        self.failed: Unavailable | None = None
        self.seat: UiContext | None = None
        self.window_actions: WindowActions | None = None
        self.rooms: Workspace | None = None
        self._map: MapPanel | None = None
        self.status: StatusBar | None = None
        self.banner: ConnectionBanner | None = None
        self.drilling: DrillController | None = None
        self._host = Host(start, settings, running=running)
        self._room: SignInRoom | None = None
        self._asked_for = ""
        self._returning = False
        self._role_change: RoleChange | None = None
        self._troubles: list[Words] = []
        self._sight = FirstPaint(window)
        self._sight.seen.connect(self._on_first_paint)
        window.closing.connect(self.leave)

    async def open(self) -> None:
        """Shows cached rows, then connects; the map starts after the first paint. Unavailable is shown, not raised."""
        self.drilling = self._drill() if self._host.may_be_demonstration else None
        try:
            environment = self.drilling.environment if self.drilling else Environment()
            desk = await open_desk(self.settings, environment=environment)
        except Unavailable as error:
            self._show_profile_error(error)
            return
        self.seat = UiContext(desk=desk, window=self.window, toasts=self.window.toasts)
        desk.tasks.failed = self._faults.note
        self._faults.say = lambda error: self.seat.tell(fault(error.code, error.about), "warn") if self.seat else None
        self._equip()
        self._furnish()
        self._troubles = troubles(self.settings, desk)
        try:
            await self.connect()
        except Unavailable as error:
            if error.code in ("no_demo_account", "no_demo_accounts"):  # also to the terminal where it was named
                print(fault(error.code, error.about), file=sys.stderr)
            self._open_sign_in(error)

    async def connect(self) -> None:
        """Reaches the platform and signs in with the account given, or asks who signs in. Raises Unavailable."""
        url = await self._reach()
        self._equip_drill()
        user, password = self._host.account()
        if user:
            await self.sign_in(url, user, password)
        else:
            self._open_sign_in(None)

    async def sign_in(self, url: str, user: str, password: str) -> None:
        """Signs in and builds the rooms of the role; `url` "": this console's platform. Raises Unavailable."""
        assert self.seat is not None
        await self._sight.wait_until_painted()
        before = self.seat.desk.person
        if self.drilling is not None and not self._host.is_here(url):
            self.drilling.end()
        await self.seat.desk.sign_in(url or await self._reach(), user, password)
        if url:
            self._asked_for = url
        if self.seat.desk.person != before:
            self._furnish()
        while self._troubles:  # only now is there a user to read them
            self.window.toasts.tell(self._troubles.pop(0), tone="warn", seconds=SECONDS)

    def leave(self) -> None:
        """Ends the console: the user closes the window, or the process got a signal."""
        self.ended.set()

    async def close(self) -> None:
        """Saves and closes everything; each step has a time limit, so that none can hang the exit."""
        self.window.put_away()
        await run_with_timeout("rooms", self._close_rooms(), PATIENCE)
        await run_with_timeout("tasks", tasks.close(), PATIENCE)
        if self.seat is not None:
            await run_with_timeout("desk", self.seat.desk.close(), PATIENCE)
        if self.drilling is not None:
            await run_with_timeout("wire", self.drilling.close(), PATIENCE)
        if self._host.embedded is not None:
            await run_with_timeout("platform", self._host.embedded.stop(), 3 * PATIENCE)
        self.window.end()

    def _equip(self) -> None:
        """Creates the registry, bars and overlays, which are the same for every seat."""
        assert self.seat is not None
        self.window_actions = WindowActions(
            self.window,
            self.seat,
            self.settings,
            workspace=self._workspace,
            connection_panel=self._connection_panel,
            change_user=lambda: self._open_sign_in(None),
            leave=self.leave,
        )
        self.window.topbar.asked.connect(self._act)
        desk, follow, watch = self.seat.desk, self.seat.follow, self.seat.watch
        self.status = StatusBar(desk, follow, watch)
        self.status.asked.connect(lambda: self._act("going"))
        self.status.needed.connect(lambda: self._act("inbox"))
        self.seat.tellings.open_inbox = self.window_actions.workspace.inbox
        self.window.put_status(self.status)
        self.banner = ConnectionBanner(desk, follow, watch, sign_in=self._ask_again, details=lambda: self._act("going"))
        self.window.put_banner(self.banner)
        watch.changed.connect(self._return)
        self._role_change = RoleChange(self.seat, self._furnish, lambda: self.rooms.person if self.rooms else None)
        watch.changed.connect(lambda: self.window.topbar.count_needs(len(own_acts_needing_decision(desk))))

    def _equip_drill(self) -> None:
        """Adds the drill to a demonstration, not to a data folder that turned out to hold a hall's own database."""
        assert self.seat is not None
        assert self.window_actions is not None
        if self.drilling is not None and self._host.is_demonstration:
            self.drilling.equip(self.seat, self.window_actions.registry)

    def _furnish(self) -> None:
        assert self.seat is not None
        assert self.window_actions is not None
        if self.rooms is not None:
            self.rooms.close()
        if self._map is None:
            self._map = MapPanel(self.seat, self.seat.follow, cache_dir=self.settings.folder / "map")
            self._map.drawn.connect(lambda: self._marks.reach("map_drawn"))
            self._map.drawn.connect(self.window.dock_layout.restore_floating_map)
        self.seat.clock.turn()
        panel = self._connection_panel
        self.rooms = new_workspace(self.window, self.seat, self._map, act=self._act, connection_panel=panel)
        self.window_actions.intake.end()
        self.window_actions.appearance.apply_density()
        self.window_actions.workspace.to_queue()
        if self.drilling is not None:
            self.drilling.settle()
        if self._sight.came:
            QTimer.singleShot(50, self._map, self._map.start)
        else:
            self._sight.watch(self.rooms.list_view.parentWidget() or self.rooms.list_view)

    def _workspace(self) -> Workspace:
        assert self.rooms is not None
        return self.rooms

    def _connection_panel(self) -> ConnectionPanel:
        assert self.seat is not None
        desk, follow, watch = self.seat.desk, self.seat.follow, self.seat.watch
        return ConnectionPanel(desk, follow, watch, address=self._address, fault=lambda: self._faults.last)

    def _on_first_paint(self) -> None:
        """Starts the web engine only now that the list is visible, because it takes much of the machine."""
        assert self._map is not None
        self._marks.reach("usable")
        self._map.start()

    def _act(self, name: str) -> None:
        assert self.window_actions is not None
        self.window_actions.registry.trigger(name)

    def _drill(self) -> "DrillController":
        from ui.app.drilling import DrillController  # late: never imported in a real hall

        return DrillController(self.window, self._host)

    async def _reach(self) -> str:
        """Returns the platform's URL; the banner shows the progress of an embedded platform that starts."""
        assert self.seat is not None
        try:
            if self._host.embedded is not None:
                self._tell_start("")
            return await self._host.reach(self.seat.desk, self._tell_start)
        finally:
            if self.banner is not None:
                self.banner.announce("")

    def _tell_start(self, line: str) -> None:
        if self.banner is not None:
            self.banner.announce(phrase("正在启动本机平台"), progress_text(line))

    def _address(self) -> str:
        return self._asked_for or self._host.address

    def _return(self) -> None:
        """Signs in again by itself when a demonstration started over, which gave its accounts new passwords."""
        assert self.seat is not None
        is_out = self.seat.desk.connection.state is State.SIGNED_OUT
        if self._host.is_demonstration and is_out and not self._returning:
            self._returning = True
            spawn(self._resume(), name="sign in after a restart")

    def _ask_again(self) -> None:
        """Renews an expired sign-in with the known account, or asks the user."""
        spawn(self._resume(), name="sign in again")

    async def _resume(self) -> None:
        assert self.seat is not None
        person = self.seat.desk.person
        try:
            user, password = self._host.account(sat=person.user if person else "")
            if user:
                await self.sign_in("", user, password)
            else:
                self._open_sign_in(None)
        except Unavailable as error:
            self._open_sign_in(error)
        finally:
            self._returning = False

    def _open_sign_in(self, error: Unavailable | None) -> None:
        """Opens the sign-in room over the window, with `error` beneath its field."""
        assert self.seat is not None
        assert self.window_actions is not None
        if self._room is None:
            self._room = SignInRoom(self.sign_in, url=self._address(), parent=self.window)
            for left in (self._room.done, self._room.left):
                left.connect(self.window_actions.workspace.to_queue)
        person = self.seat.desk.person
        self._room.ask(user=person.user if person else self.start.user, error=error)

    def _show_profile_error(self, error: Unavailable) -> None:
        """Shows, in place of the docks, why the profile cannot be opened and what the user can do."""
        self.failed = error
        card = ProfileErrorCard(self.settings.folder, leave=self.leave, again=self._open_again)
        self.window.put_room(card)
        self.window.topbar.setEnabled(False)
        card.show_error(error)

    def _open_again(self) -> None:
        self.failed = None
        self.window.leave_room()
        self.window.topbar.setEnabled(True)
        spawn(self.open(), name="open the profile")

    async def _close_rooms(self) -> None:
        if self.rooms is not None:
            self.rooms.close()
        if self._map is not None:
            self._map.shut()
        if self._role_change is not None:
            self._role_change.close()
        if self.seat is not None:
            self.seat.close()
