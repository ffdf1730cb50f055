"""What a console has from its first paint on, before its profile is open; and what a demonstration adds to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from commandcenter.bootstrap import Environment
from ui.actions.context import UiContext
from ui.actions.registry import Action
from ui.app.host import Host
from ui.window import Window

if TYPE_CHECKING:
    from commandcenter.settings.file import Settings
    from ui.app.process.arguments import StartOptions
    from ui.app.process.faults import Faults
    from ui.app.process.marks import Marks


class Extension(Protocol):
    """Adds actions to a window, and perhaps a panel."""

    @property
    def actions(self) -> Sequence[Action]:
        """What the window offers while it is there."""

    def settle(self) -> None:
        """Brings a visible panel to the front again after the rooms were replaced."""

    def end(self) -> None:
        """Removes everything: the user signs in to another platform, a real one."""


class Network:
    """The way of a hall's console to its platform; a demonstration's has an extension."""

    def __init__(self, environment: Environment | None = None) -> None:
        self.environment = environment or Environment()

    def extensions(self, _window: Window, _host: Host, _seat: UiContext) -> list[Extension]:
        """Returns what the console gets when it has reached the platform of a demonstration."""
        return []

    async def close(self) -> None:
        """Closes what the desk does not close itself when the console ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The painted window and how the console was started; `leave` ends the program."""

    window: Window
    start: "StartOptions"
    settings: "Settings"
    faults: "Faults"
    marks: "Marks"
    host: Host
    network: Network
    leave: Callable[[], object]
