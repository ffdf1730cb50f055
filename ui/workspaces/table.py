"""Which role has which workspace: the one table that a new kind of seat is entered in."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from commandcenter.domain.people import HOLDER_ROLES, Role
from ui.workspaces.dispatch.workspace import DispatchWorkspace
from ui.workspaces.unit.workspace import UnitWorkspace
from ui.workspaces.workspace import Workspace, WorkspaceContext

if TYPE_CHECKING:
    from commandcenter.domain.people import Person

WORKSPACES: Mapping[Role, Callable[[WorkspaceContext], Workspace]] = {
    **dict.fromkeys(Role, DispatchWorkspace),
    **dict.fromkeys(HOLDER_ROLES, UnitWorkspace),
}
SIGNED_OUT = DispatchWorkspace  # shows the rows that this console has kept


def new_workspace(person: "Person | None", context: WorkspaceContext) -> Workspace:
    """Returns a new workspace of the person's role."""
    return (SIGNED_OUT if person is None else WORKSPACES[person.role])(context)
