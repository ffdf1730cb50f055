"""The actions that open a box over the window: search, command line, menu, key sheet, about."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from commandcenter.domain.cases import Case
from ui.actions.action_table import Handlers
from ui.actions.command_preview import CommandPreview
from ui.actions.context import UiContext
from ui.actions.finder import Finder
from ui.actions.keysheet import show_about, show_keys
from ui.actions.registry import Actions
from ui.kit.command_line.overlay import CommandOverlay
from ui.kit.keyboard import bring_to_front
from ui.window import Window


class PopupActions:
    """Opens the boxes; when search or command line closes, `give_back` returns the keyboard to the room in front."""

    def __init__(self, window: Window, seat: UiContext, actions: Actions, give_back: Callable[[], object]) -> None:
        self._window, self._seat, self._actions, self._give_back = window, seat, actions, give_back
        self.overlay = CommandOverlay(CommandPreview(seat, actions, self._light), window)
        self.finder = Finder(seat, self._light, window)
        self.finder.found.connect(lambda case: seat.focus.choose(case.id, by="search"))

    def handlers(self) -> Handlers:
        """Returns the handlers by the id of their action."""
        return {
            "search": partial(self._open, self.finder),
            "command_line": partial(self._open, self.overlay),
            "keys": lambda: show_keys(self._window, self._actions),
            "about": lambda: show_about(self._window),
            "menu": self._menu,
        }

    def _open(self, box: Finder | CommandOverlay) -> None:
        """Opens a box; when it closes, the keyboard goes back to the window in which its key was pressed."""
        if box.isHidden():
            back = partial(self._return_to, QApplication.activeWindow())
            box.closed.connect(back, Qt.ConnectionType.SingleShotConnection)
        box.open()

    def _return_to(self, window: QWidget | None) -> None:
        if window is None or window is self._window or not isValid(window):
            self._give_back()
        else:
            bring_to_front(window)

    def _menu(self) -> None:
        button = self._window.topbar.menu
        self._actions.menu().popup(button.mapToGlobal(QPoint(0, button.height() + 4)))

    def _light(self, case: Case) -> str:
        """Returns the name of a case's present light; its glyph is `light.<name>`."""
        return self._seat.clock.standing(case).light
