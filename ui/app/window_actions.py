"""All actions of one window: the registry, and the parts that handle them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.actions.action_table import case_actions, desk_actions, suits
from ui.actions.context import UiContext
from ui.actions.registry import Actions
from ui.app.appearance_actions import AppearanceActions
from ui.app.intake_action import IntakeAction
from ui.app.popup_actions import PopupActions
from ui.app.workspace import Workspace
from ui.app.workspace_actions import WorkspaceActions
from ui.window import Window

if TYPE_CHECKING:
    from commandcenter.settings.file import Settings


class WindowActions:
    """The actions of a window; `workspace` returns the one that it shows at present.

    `connection_panel` returns a new panel about the connection, `change_user` opens the sign-in room, `leave` ends the
    program.
    """

    def __init__(
        self,
        window: Window,
        seat: UiContext,
        settings: "Settings",
        *,
        workspace: Callable[[], Workspace],
        connection_panel: Callable[[], QWidget],
        change_user: Callable[[], object],
        leave: Callable[[], object],
    ) -> None:
        self.registry = Actions(window, case_actions(seat))
        self.workspace = WorkspaceActions(window, seat, workspace, connection_panel)
        self.appearance = AppearanceActions(window, seat, settings, workspace)
        self.popups = PopupActions(window, seat, self.registry, self.workspace.to_list)
        self.intake = IntakeAction(window, seat, workspace, change_user)
        self.parts = (self.workspace, self.appearance, self.popups, self.intake)
        handlers = {name: run for part in self.parts for name, run in part.handlers().items()}
        self.registry.add(desk_actions({**handlers, "change_user": change_user, "quit": leave}))
        self.registry.suits = lambda action: suits(action, seat, has_docks=workspace().has_docks)
