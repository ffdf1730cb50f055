"""Where the program keeps its files on this machine, by the custom of each system."""

import os
import sys
from contextlib import suppress
from pathlib import Path

_APP = "commandcenter"


def home_folder() -> Path:
    """The folder of this program among the user's own data."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / _APP
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / _APP
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / _APP


def new_folder(folder: Path) -> Path:
    """`folder`; when it is missing it is made, with what is missing above it, for this user alone. OSError."""
    if not folder.is_dir():
        missing = [one for one in folder.parents if not one.exists()]
        for one in (*reversed(missing), folder):
            one.mkdir(mode=0o700, exist_ok=True)
    return folder


def own(folder: Path) -> Path:
    """`folder`, made when it is missing, for this user alone: a profile holds what people said and did.

    One that is there and is this user's is closed to others. OSError when it cannot be made.
    """
    if new_folder(folder).stat().st_mode & 0o077:
        with suppress(OSError):  # somebody else's, who lets this user in
            folder.chmod(0o700)
    return folder


def data_dir() -> Path:
    """Where the embedded platform keeps its districts, unless `--data` says otherwise."""
    return home_folder() / "platform"


def profile_dir(name: str) -> Path:
    """Where the console's profile `name` keeps its journal, cache and settings."""
    return home_folder() / "profiles" / name
