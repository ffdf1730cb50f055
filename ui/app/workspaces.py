"""Chooses the workspace of a user: a dispatcher's docks, or the one room of a unit."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from commandcenter.domain.people import HOLDER_ROLES
from ui.actions.context import UiContext
from ui.app.dispatch_workspace import DispatchWorkspace
from ui.app.unit_workspace import UnitWorkspace
from ui.app.workspace import Workspace
from ui.map.panel import MapPanel
from ui.window import Window


def new_workspace(
    window: Window,
    seat: UiContext,
    board_map: MapPanel,
    *,
    act: Callable[[str], object],
    connection_panel: Callable[[], QWidget],
) -> Workspace:
    """Returns a new workspace for the signed-in user; a dispatcher's while there is none."""
    person = seat.desk.person
    if person is not None and person.role in HOLDER_ROLES:
        return UnitWorkspace(window, seat, board_map, act=act)
    return DispatchWorkspace(window, seat, board_map, act=act, connection_panel=connection_panel)
