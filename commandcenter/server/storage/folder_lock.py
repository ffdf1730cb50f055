"""The lock file by which one platform at a time holds a data folder; it is released when the process ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from commandcenter.files.lock import open_lock, try_lock
from commandcenter.server.errors import UnusableEnvironment
from commandcenter.settings.folders import new_folder

_NAME = "platform.lock"


@contextmanager
def hold(data: Path) -> Iterator[None]:
    """Holds the data folder `data`, created when missing, for the duration of the block.

    Raises UnusableEnvironment when another process holds it, or when it is not a folder or cannot be written.
    """
    lock = _open(data)
    try:
        if not try_lock(lock):
            raise UnusableEnvironment("held", f"A platform is running on {data}: stop it first, or use another --data.")
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(lock)


def is_held(data: Path) -> bool:
    """Returns whether a platform holds `data` now; raises UnusableEnvironment when the lock file cannot be opened."""
    if not (data / _NAME).exists():
        return False
    lock = _open(data)
    try:
        return not try_lock(lock)
    finally:
        os.close(lock)


def _open(data: Path) -> int:
    try:
        new_folder(data)
        return open_lock(data / _NAME)
    except FileExistsError as wrong:
        raise UnusableEnvironment("not_a_folder", f"{data} is a file, not a folder: choose another --data.") from wrong
    except OSError as wrong:
        text = f"{data} cannot be written ({wrong.strerror}): nothing was changed; choose another --data."
        raise UnusableEnvironment("read_only", text) from wrong
