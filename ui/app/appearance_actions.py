"""The actions that change how the window looks; theme, language and row height are kept in the settings."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from ui import theme
from ui.actions.action_table import Handlers
from ui.actions.context import UiContext
from ui.app.profile_troubles import setting_not_saved
from ui.app.workspace import Workspace
from ui.kit.texts.words import speak, spoken
from ui.theme.tokens import MEASURES
from ui.window import Window

if TYPE_CHECKING:
    from commandcenter.settings.file import Settings

ROWS = {"comfortable": MEASURES.row, "compact": MEASURES.row_tight}


class AppearanceActions:
    """Switches theme, language, row height and full screen; `workspace` returns the present one."""

    def __init__(
        self, window: Window, seat: UiContext, settings: "Settings", workspace: Callable[[], Workspace]
    ) -> None:
        self._window, self._seat, self._settings, self._workspace = window, seat, settings, workspace

    def handlers(self) -> Handlers:
        """Returns the handlers by the id of their action."""
        return {
            "theme": self._theme,
            "language": self._language,
            "density": self._density,
            "full_screen": self._full_screen,
        }

    def _theme(self) -> None:
        worn = "light" if theme.current().name == "dark" else "dark"
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply_theme(app, worn)
        self._keep("theme", worn)

    def _language(self) -> None:
        said = "en" if spoken() == "zh" else "zh"
        speak(said)
        self._keep("language", said)

    def _density(self) -> None:
        now = self._settings["density"]
        self._keep("density", "compact" if now == "comfortable" else "comfortable")
        self.apply_density()

    def apply_density(self) -> None:
        """Gives the present workspace the row height of the settings."""
        self._workspace().set_row_height(ROWS[self._settings["density"]])

    def _full_screen(self) -> None:
        self._window.showNormal() if self._window.isFullScreen() else self._window.showFullScreen()

    def _keep(self, setting: str, value: str) -> None:
        trouble = self._settings.put(setting, value)
        if trouble is not None:
            self._seat.tell(setting_not_saved(trouble), "warn")
