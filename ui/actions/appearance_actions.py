"""The actions that change how the window looks; theme and language are kept in the settings."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from ui import theme
from ui.actions.action_table import Handlers
from ui.actions.context import UiContext
from ui.actions.kept_setting import keep_setting
from ui.kit.texts.words import speak, spoken

if TYPE_CHECKING:
    from commandcenter.settings.file import Settings


class AppearanceActions:
    """Switches theme, language and full screen of one window."""

    def __init__(self, window: QWidget, seat: UiContext, settings: "Settings") -> None:
        self._window, self._seat, self._settings = window, seat, settings

    def handlers(self) -> Handlers:
        """Returns the handlers by the id of their action."""
        return {"theme": self._theme, "language": self._language, "full_screen": self._full_screen}

    def _theme(self) -> None:
        worn = "light" if theme.current().name == "dark" else "dark"
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply_theme(app, worn)
        keep_setting(self._settings, self._seat, "theme", worn)

    def _language(self) -> None:
        said = "en" if spoken() == "zh" else "zh"
        speak(said)
        keep_setting(self._settings, self._seat, "language", said)

    def _full_screen(self) -> None:
        self._window.showNormal() if self._window.isFullScreen() else self._window.showFullScreen()
