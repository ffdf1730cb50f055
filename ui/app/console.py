"""The console of an open desk: map, workspace, actions, bars and sign-in in one window."""

from functools import partial

from PySide6.QtCore import QTimer

from commandcenter.bootstrap import Desk
from ui.actions.action_table import case_actions, desk_actions, suits
from ui.actions.context import UiContext
from ui.actions.registry import Actions
from ui.app.first_paint import FirstPaint
from ui.app.process.closing import run_with_timeout
from ui.app.profile_troubles import SECONDS, troubles
from ui.app.role_change import RoleChange
from ui.app.shell import Extension, Shell
from ui.app.sign_in_flow import SignInFlow
from ui.app.window_actions import WindowActions
from ui.kit.case_parts.deliveries import own_acts_needing_decision
from ui.kit.seat import tasks
from ui.kit.texts import glossary
from ui.kit.texts.faults import fault
from ui.kit.texts.words import speak, spoken
from ui.map.panel import MapPanel
from ui.status.banner import ConnectionBanner
from ui.status.bar import StatusBar
from ui.status.panel import ConnectionPanel
from ui.workspaces.inbox_cover import INBOX
from ui.workspaces.table import new_workspace
from ui.workspaces.workspace import WorkspaceContext


class Console:
    """Everything over `desk` in a window, from its first rows to the end of the program."""

    def __init__(self, shell: Shell, desk: Desk) -> None:
        self._shell, self._window = shell, shell.window
        glossary.use(shell.host.is_demonstration)
        self.seat = seat = UiContext.open(desk, shell.window, shell.window.toasts)
        desk.tasks.failed.connect(shell.faults.note)
        shell.faults.prevented.connect(lambda error: seat.tell(fault(error.code, error.about), "warn"))
        shell.host.lead(desk)
        self._extensions: list[Extension] = []
        self.registry = Actions(shell.window, suits=partial(suits, seat=seat))
        self.banner = self._new_banner()
        self._first_paint = FirstPaint(shell.window)
        self._first_paint.seen.connect(self._on_first_paint)
        self.sign_in = SignInFlow(
            seat,
            shell.host,
            shell.start,
            self.banner,
            prepare=self._first_paint.wait_until_painted,
            enter=self._enter,
            to_list=lambda: self.workspace.rooms.take_focus(),
        )
        self.banner.sign_in_asked.connect(self.sign_in.renew)
        self.map = self._new_map()
        self._context = WorkspaceContext(
            window=shell.window,
            seat=seat,
            settings=shell.settings,
            map=self.map,
            act=self.registry.trigger,
            connection_panel=self._new_connection_panel,
        )
        self.workspace = new_workspace(desk.person, self._context)
        self.actions = WindowActions(
            self._context,
            self.registry,
            rooms=lambda: self.workspace.rooms,
            change_user=self.sign_in.ask,
            leave=shell.leave,
        )
        for bar in (self._window.topbar, self._window.rail):
            bar.asked.connect(self.registry.trigger)
        self.status = self._new_status_bar()
        self._role_change = RoleChange(seat, self._furnish, lambda: self.workspace.person)
        seat.watch.changed.connect(self._count_needs)
        seat.act_toasts.asked.connect(lambda act: self.workspace.rooms.open(INBOX.id, act))
        self._settle()
        self._troubles = troubles(shell.settings, desk)

    async def connect(self) -> None:
        """Reaches the platform and signs in with the account given, or asks who signs in; shows what fails."""
        await self.sign_in.begin(reached=self._extend)

    async def close(self) -> None:
        """Closes the rooms, what they began, and the desk."""
        await run_with_timeout("rooms", self.close_rooms())
        await run_with_timeout("tasks", tasks.close())
        await run_with_timeout("desk", self.seat.desk.close())

    async def close_rooms(self) -> None:
        """Closes everything over the desk; the desk itself stays open."""
        self.actions.attention.close()
        self.workspace.close()
        self.map.shut()
        self._role_change.close()
        self.seat.close()

    def _extend(self) -> None:
        """Gives a demonstration at this console's own platform its drill; neither a hall nor one elsewhere has any."""
        shell = self._shell
        if self.sign_in.elsewhere:
            while self._extensions:
                self._extensions.pop().end()
        elif shell.host.is_demonstration and not self._extensions:
            self._extensions += shell.network.extensions(self._window, shell.host, self.seat)
        if glossary.use(shell.host.is_demonstration and not self.sign_in.elsewhere):
            speak(spoken())  # what is shown already takes the names that hold now
        self._offer_actions()

    def _enter(self, is_other: bool) -> None:
        """Builds the rooms of another person; shows the profile's troubles, now that there is a user to read them."""
        self._extend()
        if is_other:
            self._furnish()
        else:
            self._settle_extensions()
        while self._troubles:
            self._window.toasts.tell(self._troubles.pop(0), tone="warn", seconds=SECONDS)

    def _furnish(self) -> None:
        """Replaces the workspace by one of the present person, who finds no form and no line of the former one."""
        self.workspace.close()
        self.seat.clock.turn()
        self.seat.hint.clear()
        self.workspace = new_workspace(self.seat.desk.person, self._context)
        self.actions.intake.end()
        self.actions.popups.end()
        self.seat.act_toasts.forget()
        self._settle()

    def _settle(self) -> None:
        """Makes the new workspace ready for the keyboard; the map starts as soon as its list is painted."""
        self._offer_actions()
        self.workspace.rooms.take_focus()
        self._settle_extensions()
        if self._first_paint.came:
            QTimer.singleShot(50, self.map, self.map.start)
        else:
            self._first_paint.watch(self.workspace.rooms.in_front)

    def _settle_extensions(self) -> None:
        for extension in self._extensions:
            extension.settle()

    def _offer_actions(self) -> None:
        """Gives the window the actions of the present workspace beside its own."""
        handlers = {**self.actions.handlers(), **self.workspace.handlers()}
        own = desk_actions(handlers, self.workspace.rooms.keys)
        added = [action for extension in self._extensions for action in extension.actions]
        self.registry.offer((*case_actions(self.seat), *own, *added))

    def _on_first_paint(self) -> None:
        """Starts the web engine only now that the list is visible, because it takes much of the machine."""
        self._shell.marks.reach("usable")
        self.map.start()

    def _new_map(self) -> MapPanel:
        board_map = MapPanel(self.seat, self.seat.follow, cache_dir=self._shell.settings.folder / "map")
        board_map.drawn.connect(lambda: self._shell.marks.reach("map_drawn"))
        return board_map

    def _new_status_bar(self) -> StatusBar:
        seat, banner = self.seat, self.banner
        bar = StatusBar(seat.desk, seat.follow, seat.watch, seat.hint, is_told=lambda: not banner.isHidden())
        bar.asked.connect(lambda: self.registry.trigger("going"))
        bar.needed.connect(lambda: self.registry.trigger("inbox"))
        self._window.put_status(bar)
        return bar

    def _new_banner(self) -> ConnectionBanner:
        banner = ConnectionBanner(self.seat.desk, self.seat.follow, self.seat.watch)
        banner.details_asked.connect(lambda: self.registry.trigger("going"))
        self._window.put_banner(banner)
        return banner

    def _new_connection_panel(self) -> ConnectionPanel:
        seat = self.seat
        address, number = lambda: self.sign_in.address, lambda: self._shell.faults.last
        return ConnectionPanel(seat.desk, seat.follow, seat.watch, address=address, fault=number)

    def _count_needs(self) -> None:
        self._window.count_needs(INBOX.id, len(own_acts_needing_decision(self.seat.desk)))
