"""The actions that open a box over the window: search, command line, menu, key sheet, about."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QMetaObject, QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from commandcenter.domain.cases import Case
from ui.actions.about import show_about
from ui.actions.action_table import Handlers
from ui.actions.command_preview import CommandPreview
from ui.actions.context import UiContext
from ui.actions.finder import Finder
from ui.actions.keysheet import show_keys
from ui.actions.registry import Actions
from ui.kit.command_line.history import LineHistory
from ui.kit.command_line.overlay import CommandOverlay
from ui.kit.keyboard import bring_to_front
from ui.window import Window


class PopupActions:
    """Opens the boxes; when search or command line closes, `give_back` returns the keyboard to the room in front."""

    def __init__(self, window: Window, seat: UiContext, actions: Actions, give_back: Callable[[], object]) -> None:
        self._window, self._seat, self._actions, self._give_back = window, seat, actions, give_back
        self.overlay = CommandOverlay(
            CommandPreview(seat, actions, self._light), LineHistory(window.kept, self._user), window
        )
        self.finder = Finder(seat, self._light, window.topbar.search)
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

    def open_line(self, typed: str) -> None:
        """Opens the command line with `typed` in it, in its window: it says what Enter does."""
        self._open(self.overlay, typed)
        self.overlay.field.edit.end(False)  # what is missing is typed behind it
        bring_to_front(self._window)

    def end(self) -> None:
        """Closes search and command line for another person, who finds nothing of what was typed in them."""
        self.finder.end()
        self.overlay.end()

    def _open(self, box: Finder | CommandOverlay, *typed: str) -> None:
        """Opens a box; when it closes, the keyboard goes back to the window in which the user was last."""
        if box.isHidden():
            visited = [QApplication.activeWindow()]
            watch = QApplication.instance().focusChanged.connect(  # type: ignore[union-attr]
                lambda _before, now: visited.append(now.window()) if now is not None else None
            )
            box.closed.connect(partial(self._return, visited, watch), Qt.ConnectionType.SingleShotConnection)
        box.open(*typed)

    def _return(self, visited: Sequence[QWidget | None], watch: QMetaObject.Connection) -> None:
        """Gives the keyboard back; the first of the `visited` windows is that in which the key was pressed."""
        QObject.disconnect(watch)
        others = [window for window in visited if window not in (None, self._window) and isValid(window)]
        if others and others[0] is visited[0]:
            bring_to_front(others[-1])
        else:
            self._give_back()

    def _menu(self) -> None:
        button = self._window.topbar.menu
        self._actions.menu().popup(button.mapToGlobal(QPoint(0, button.height() + 4)))

    def _user(self) -> str:
        """Returns the account of whoever is signed in, "" without one."""
        person = self._seat.desk.person
        return "" if person is None else person.user

    def _light(self, case: Case) -> str:
        """Returns the name of a case's present light; its glyph is `light.<name>`."""
        return self._seat.clock.standing(case).light
