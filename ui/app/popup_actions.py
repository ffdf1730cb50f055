"""The actions that open a box over the window: search, command line, menu, key sheet, about."""

from collections.abc import Callable

from PySide6.QtCore import QPoint

from commandcenter.domain.cases import Case
from ui.actions.action_table import Handlers
from ui.actions.command_preview import CommandPreview
from ui.actions.context import UiContext
from ui.actions.finder import Finder
from ui.actions.keysheet import show_about, show_keys
from ui.actions.registry import Actions
from ui.kit.command_line.overlay import CommandOverlay
from ui.window import Window


class PopupActions:
    """Opens the boxes; `to_list` is called when search or command line closes."""

    def __init__(self, window: Window, seat: UiContext, actions: Actions, to_list: Callable[[], object]) -> None:
        self._window, self._seat, self._actions = window, seat, actions
        self.overlay = CommandOverlay(CommandPreview(seat, actions, self._light), window)
        self.overlay.closed.connect(to_list)
        self.finder = Finder(seat, self._light, window)
        self.finder.found.connect(lambda case: seat.focus.choose(case.id, by="search"))
        self.finder.closed.connect(to_list)

    def handlers(self) -> Handlers:
        """Returns the handlers by the id of their action."""
        return {
            "search": self.finder.open,
            "command_line": self.overlay.open,
            "keys": lambda: show_keys(self._window, self._actions),
            "about": lambda: show_about(self._window),
            "menu": self._menu,
        }

    def _menu(self) -> None:
        button = self._window.topbar.menu
        self._actions.menu().popup(button.mapToGlobal(QPoint(0, button.height() + 4)))

    def _light(self, case: Case) -> str:
        """Returns the name of a case's present light; its glyph is `light.<name>`."""
        return self._seat.clock.standing(case).light
