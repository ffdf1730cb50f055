"""Where the program keeps its files on this machine, by the custom of each system."""

import os
import sys
from pathlib import Path

_APP = "commandcenter"


def home_folder() -> Path:
    """The folder of this program among the user's own data."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / _APP
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / _APP
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / _APP


def data_dir() -> Path:
    """Where the embedded platform keeps its districts, unless `--data` says otherwise."""
    return home_folder() / "platform"


def profile_dir(name: str) -> Path:
    """Where the console's profile `name` keeps its journal, cache and settings."""
    return home_folder() / "profiles" / name
