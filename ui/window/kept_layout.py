"""The user's arrangement of windows, docks and columns, kept in the profile."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings


class KeptLayout:
    """Values by name in an INI file; without a file (None) nothing is kept."""

    def __init__(self, file: Path | None) -> None:
        self._files = [QSettings(str(file), QSettings.Format.IniFormat)] if file else []

    def keep(self, name: str, value: str | QByteArray) -> None:
        """Saves a value; "" removes it."""
        for file in self._files:
            file.setValue(name, value) if value else file.remove(name)
            file.sync()

    def text(self, name: str) -> str:
        """Returns the text saved under `name`, "" for none."""
        return str(next((file.value(name, "") for file in self._files), ""))

    def state(self, name: str) -> Any:
        """Returns the bytes that Qt saved under `name`, empty for none."""
        return next((file.value(name) for file in self._files if file.contains(name)), QByteArray())
