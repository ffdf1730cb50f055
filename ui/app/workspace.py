"""What the actions of a window ask of the rooms in it, whichever kind of seat they belong to."""

from typing import TYPE_CHECKING, Protocol

from commandcenter.domain.people import Person
from ui.app.rooms import Rooms
from ui.kit.tables.view import TableView
from ui.map.panel import MapPanel

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk


class Workspace(Protocol):
    """The rooms of one kind of seat, built for `person`.

    What needs docks does nothing in a workspace without them (`has_docks` False). The map outlives the workspace.
    """

    person: Person | None
    map: MapPanel
    rooms: Rooms
    has_docks: bool

    @property
    def list_view(self) -> TableView:
        """The list of cases."""

    def let_in(self) -> None:
        """Shows the changes that the list held back."""

    def toggle_why(self) -> None:
        """Shows or hides why the chosen case has its deadline."""

    def restore_layout(self) -> None:
        """Restores the default docks and columns, and moves the keyboard focus to the list."""

    def set_row_height(self, pixels: int) -> None:
        """Sets the height of the list's rows in pixels."""

    def open_lower(self, name: str) -> bool:
        """Leaves the room in front and opens a panel of the lower dock; returns whether there is such a dock."""

    def close(self) -> None:
        """Stops following, clears the toasts of the user who leaves, and gives the window back."""


def may_take(desk: "Desk") -> bool:
    """Returns whether the seat offers the intake; while no user is signed in, no role rules it out."""
    return desk.person is None or desk.why_not("take", None) is None
