"""Locates the program's folders by the conventions of each operating system, and creates them."""

from contextlib import suppress
from pathlib import Path

from platformdirs import user_data_path

from commandcenter.files.durable import replace_file

_APP = "commandcenter"


def home_folder() -> Path:
    """Returns the program's folder in the user's application data."""
    return user_data_path(_APP, appauthor=False)


def new_folder(folder: Path) -> Path:
    """Creates a missing `folder` and its missing parents for the current user only, and returns it. Raises OSError."""
    if not folder.is_dir():
        missing = [one for one in folder.parents if not one.exists()]
        for one in (*reversed(missing), folder):
            one.mkdir(mode=0o700, exist_ok=True)
    return folder


def write_whole(file: Path, content: bytes) -> None:
    """Replaces `file` atomically, its folder created when it is missing; for one process at a time. Raises OSError."""
    new_folder(file.parent)
    replace_file(file, content)


def private_folder(folder: Path) -> Path:
    """Creates a missing `folder`, makes it accessible to the current user only, and returns it.

    A profile holds what people said and did. A folder of another user is left as it is. Raises OSError when it cannot
    be created.
    """
    if new_folder(folder).stat().st_mode & 0o077:
        with suppress(OSError):  # belongs to another user, who granted access
            folder.chmod(0o700)
    return folder


def data_dir() -> Path:
    """Returns where the embedded platform stores its districts, unless `--data` says otherwise."""
    return home_folder() / "platform"


def profile_dir(name: str) -> Path:
    """Returns where the console's profile `name` stores its journal, cache and settings."""
    return home_folder() / "profiles" / name
