"""Opens a console, from the empty window to a working seat, in the order in which the user needs it; and closes it."""

import asyncio
from typing import TYPE_CHECKING

from commandcenter.bootstrap import Environment, Unavailable, open_desk
from ui.app.closing import run_with_timeout
from ui.app.console import Console
from ui.app.host import Host
from ui.app.profile_error import ProfileErrorCard
from ui.kit.seat import tasks
from ui.kit.seat.tasks import spawn
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
    """One console from its first paint to its end.

    `console` is None until the profile's desk is open; `failed` is the error when it could not be opened.
    """

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
        self.window, self._start, self._settings = window, start, settings
        self._faults, self._marks = faults, marks
        self.ended: asyncio.Event = asyncio.Event()
        self.failed: Unavailable | None = None
        self.console: Console | None = None
        self._host = Host(start, settings, running=running)
        self.drilling = _drill(window, self._host) if self._host.may_be_demonstration else None
        window.closing.connect(self.leave)

    async def open(self) -> None:
        """Shows cached rows, then connects; the map starts after the first paint. Unavailable is shown, not raised."""
        environment = self.drilling.environment if self.drilling else Environment()
        try:
            desk = await open_desk(self._settings, environment=environment)
        except Unavailable as error:
            self._show_profile_error(error)
            return
        try:
            self.console = Console(
                self.window,
                desk,
                self._start,
                self._settings,
                host=self._host,
                faults=self._faults,
                marks=self._marks,
                drilling=self.drilling,
                leave=self.leave,
            )
        except BaseException:
            await desk.close()
            raise
        await self.console.connect()

    def leave(self) -> None:
        """Ends the console: the user closes the window, or the process got a signal."""
        self.ended.set()

    async def close(self) -> None:
        """Saves and closes everything; each step has a time limit, so that none can hang the exit."""
        self.window.put_away()
        if self.console is not None:
            await run_with_timeout("rooms", self.console.close_rooms(), PATIENCE)
        await run_with_timeout("tasks", tasks.close(), PATIENCE)
        if self.console is not None:
            await run_with_timeout("desk", self.console.seat.desk.close(), PATIENCE)
        if self.drilling is not None:
            await run_with_timeout("wire", self.drilling.close(), PATIENCE)
        if self._host.embedded is not None:
            await run_with_timeout("platform", self._host.embedded.stop(), 3 * PATIENCE)
        self.window.end()

    def _show_profile_error(self, error: Unavailable) -> None:
        """Shows, in place of the docks, why the profile cannot be opened and what the user can do."""
        self.failed = error
        card = ProfileErrorCard(self._settings.folder, leave=self.leave, again=self._open_again)
        self.window.put_room(card)
        self.window.topbar.setEnabled(False)
        card.show_error(error)

    def _open_again(self) -> None:
        self.failed = None
        self.window.leave_room()
        self.window.topbar.setEnabled(True)
        spawn(self.open(), name="open the profile")


def _drill(window: Window, host: Host) -> "DrillController":
    from ui.app.drilling import DrillController  # late: never imported in a real hall

    return DrillController(window, host)
