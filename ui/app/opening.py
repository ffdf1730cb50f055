"""The states of a console before its desk is open: each has what it needs and leads to the next."""

from collections.abc import Callable

from commandcenter.bootstrap import Unavailable, open_desk
from ui.app.console import Console
from ui.app.profile_error import ProfileErrorCard
from ui.app.shell import Shell


class Starting:
    """The window is painted; the profile is closed."""

    def __init__(self, shell: Shell, again: Callable[[], object]) -> None:
        """`again` starts over after an error of the profile."""
        self._shell, self._again = shell, again

    async def open(self) -> "Console | Unopened":
        """Opens the profile's desk; returns the console on its cached rows, or the state that shows why not."""
        shell = self._shell
        try:
            desk = await open_desk(shell.settings, environment=shell.network.environment)
        except Unavailable as error:
            return Unopened(shell, error, self._again)
        try:
            return Console(shell, desk)
        except BaseException:
            await desk.close()
            raise

    async def close(self) -> None:
        """Does nothing: nothing is open."""


class Unopened:
    """The profile could not be opened; in the place of the docks stands why, and what the user can do."""

    def __init__(self, shell: Shell, error: Unavailable, again: Callable[[], object]) -> None:
        self._shell, self._again = shell, again
        card = ProfileErrorCard(shell.settings.folder, leave=shell.leave, again=self._leave)
        shell.window.put_room(card)
        shell.window.topbar.setEnabled(False)
        card.show_error(error)

    def _leave(self) -> None:
        self._shell.window.leave_room()
        self._shell.window.topbar.setEnabled(True)
        self._again()

    async def close(self) -> None:
        """Does nothing: nothing is open."""
