"""What may be added to a console that is open: the drill in a demonstration, nothing in a real hall."""

from collections.abc import Sequence
from typing import Protocol

from commandcenter.bootstrap import Environment
from ui.actions.context import UiContext
from ui.actions.registry import Action
from ui.app.host import Host
from ui.window import Window


class Extension(Protocol):
    """Adds actions to a window, and perhaps a panel."""

    @property
    def actions(self) -> Sequence[Action]:
        """What the window offers while it is there."""

    def settle(self) -> None:
        """Brings a visible panel to the front again after the rooms were replaced."""

    def end(self) -> None:
        """Removes everything: the user signs in to another platform, a real one."""


class Network(Protocol):
    """The way of a console to its platform, and the extension that belongs to it."""

    environment: Environment

    def extensions(self, window: Window, host: Host, seat: UiContext) -> list[Extension]:
        """Returns what the console gets when it has reached the platform of a demonstration."""

    async def close(self) -> None:
        """Closes the connections when the console ends."""


class RealNetwork:
    """Implements Network for a hall."""

    def __init__(self) -> None:
        self.environment = Environment()

    def extensions(self, _window: Window, _host: Host, _seat: UiContext) -> list[Extension]:
        return []

    async def close(self) -> None:
        """Does nothing: the desk closes its connections itself."""
