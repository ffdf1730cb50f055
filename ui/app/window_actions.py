"""The actions of the main window that any workspace has, and the parts that handle them."""

from collections.abc import Callable

from ui.actions.action_table import Handlers
from ui.actions.appearance_actions import AppearanceActions
from ui.actions.registry import Actions
from ui.app.attention_action import AttentionAction
from ui.app.intake_action import IntakeAction
from ui.app.popup_actions import PopupActions
from ui.workspaces.rooms import Rooms
from ui.workspaces.workspace import WorkspaceContext


class WindowActions:
    """The handlers of a window's own actions.

    `rooms` returns those of the present workspace, `change_user` opens the sign-in room, `leave` ends the program.
    """

    def __init__(
        self,
        context: WorkspaceContext,
        registry: Actions,
        *,
        rooms: Callable[[], Rooms],
        change_user: Callable[[], object],
        leave: Callable[[], object],
    ) -> None:
        window, seat = context.window, context.seat
        self.popups = PopupActions(window, seat, registry, lambda: rooms().give_back())
        context.map.crew_asked.connect(self.popups.open_line)
        self.attention = AttentionAction(context, rooms)
        self.intake = IntakeAction(window, seat, context.map, change_user)
        self._parts = (AppearanceActions(window, seat, context.settings), self.popups, self.attention, self.intake)
        self._seat_handlers = {"change_user": change_user, "quit": leave}

    def handlers(self) -> Handlers:
        """Returns the handlers by the id of their action."""
        return {name: run for part in self._parts for name, run in part.handlers().items()} | self._seat_handlers
