"""What a room's action may reach: the desk, the chosen case, the window, and a way to tell the person something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QWidget

from ui.kit.focus import Focus
from ui.kit.words import Words

if TYPE_CHECKING:  # the desk brings the network with it, which no screen needs to be shown
    from commandcenter.store.overlay import Act
    from commandcenter.sync.desk import Desk


class Hall(Protocol):
    """The seat as the rooms see it; the window's owner makes it."""

    desk: Desk
    focus: Focus
    window: QWidget

    def tell(self, text: Words, tone: str) -> object:
        """A short telling of `tone` ok|warn|bad|vio."""

    def tell_act(self, act: Act, what: Words) -> object:
        """A telling of `what` was done, with how far it has come; it follows the act."""
