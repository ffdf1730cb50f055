"""What the console asks of a workspace, whichever kind of seat it belongs to, and what it hands to each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from commandcenter.domain.commands import STEPS
from commandcenter.domain.people import Person
from commandcenter.domain.rules import OFFLINE
from ui.actions.action_table import Handlers
from ui.actions.context import UiContext
from ui.kit.texts.words import Words, phrase, term
from ui.map.panel import MapPanel
from ui.status.panel import ConnectionPanel
from ui.window import Window
from ui.window.topbar import COMMAND
from ui.workspaces.rooms import Rooms

if TYPE_CHECKING:
    from commandcenter.settings.file import Settings
    from commandcenter.sync.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceContext:
    """What outlives a workspace: the window, the seat, its map and settings.

    `act(name)` triggers an action of the window, `connection_panel` returns a new panel about the connection.
    """

    window: Window
    seat: UiContext
    settings: "Settings"
    map: MapPanel
    act: Callable[[str], object]
    connection_panel: Callable[[], ConnectionPanel]


class Workspace(Protocol):
    """The rooms of one kind of seat, built for `person` in a window."""

    person: Person | None
    rooms: Rooms

    def handlers(self) -> Handlers:
        """Returns what this workspace does for each action that it offers, by the action's id."""

    def close(self) -> None:
        """Stops following, clears the toasts of the user who leaves, and gives the window back."""


def may_take(desk: "Desk") -> bool:
    """Returns whether the seat offers the intake; while no user is signed in, no role rules it out."""
    return desk.person is None or desk.why_not("take", None) is None


def command_hint(desk: "Desk") -> Words:
    """Returns what stands in the field of the command line: with a step that the person may give, a main one first."""
    if desk.person is None:
        return COMMAND
    main_first = sorted(STEPS, key=lambda name: not STEPS[name].entry.main)
    first = next((name for name in main_first if desk.why_not(name, None) in (None, OFFLINE)), None)
    if first is None:
        return COMMAND
    return phrase("命令：{verb} {what}", verb=STEPS[first].entry.verb, what=term("command", first))
