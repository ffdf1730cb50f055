"""One console, from the empty window to a working seat and to its end."""

import asyncio
from typing import TYPE_CHECKING

from ui.app.console import Console
from ui.app.host import Host
from ui.app.opening import Starting, Unopened
from ui.app.process.closing import PATIENCE, run_with_timeout
from ui.app.shell import Network, Shell
from ui.kit.seat import tasks
from ui.kit.seat.tasks import spawn
from ui.window import Window

if TYPE_CHECKING:
    from commandcenter.bootstrap import EmbeddedPlatform
    from commandcenter.settings.file import Settings
    from ui.app.process.arguments import StartOptions
    from ui.app.process.faults import Faults
    from ui.app.process.marks import Marks


class ConsoleApplication:
    """Goes from state to state: Starting, then a Console, or Unopened and from there Starting again."""

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
        self.window = window
        self.ended: asyncio.Event = asyncio.Event()
        host = Host(start, settings, running=running)
        self._shell = Shell(
            window=window,
            start=start,
            settings=settings,
            faults=faults,
            marks=marks,
            host=host,
            network=_drill_network(host) if host.may_be_demonstration else Network(),
            leave=self.leave,
        )
        self._state: Starting | Unopened | Console = self._starting()
        window.closing.connect(self.leave)

    @property
    def console(self) -> Console:
        """The console on its open desk. Raises AssertionError before there is one."""
        assert isinstance(self._state, Console)
        return self._state

    @property
    def failed(self) -> bool:
        """Whether the profile could not be opened."""
        return isinstance(self._state, Unopened)

    async def open(self) -> None:
        """Shows cached rows and begins to connect. A profile that cannot be opened is shown, not raised."""
        self._state = await self._starting().open()
        if isinstance(self._state, Console):
            spawn(self._state.connect(), name="connect")

    def leave(self) -> None:
        """Ends the console: the user closes the window, or the process got a signal."""
        self.ended.set()

    async def close(self) -> None:
        """Saves and closes everything; each step has a time limit, so that none can hang the exit."""
        self.window.put_away()
        await run_with_timeout("tasks", tasks.close())  # such as one that is still connecting
        await self._state.close()
        await run_with_timeout("wire", self._shell.network.close())
        if self._shell.host.embedded is not None:
            await run_with_timeout("platform", self._shell.host.embedded.stop(), 3 * PATIENCE)
        self.window.end()

    def _starting(self) -> Starting:
        return Starting(self._shell, again=lambda: spawn(self.open(), name="open the profile"))


def _drill_network(host: Host) -> Network:
    from ui.app.drilling import DrillNetwork  # late: never imported in a real hall

    return DrillNetwork(host)
