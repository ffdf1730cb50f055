"""The lock file by which one platform at a time holds a data folder; it is released when the process ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from commandcenter.files.lock import try_lock
from commandcenter.server.errors import UnusableEnvironment
from commandcenter.settings.folders import new_folder

_NAME = "platform.lock"


@contextmanager
def hold(data: Path) -> Iterator[None]:
    """Holds the data folder `data`, created when missing, for the duration of the block.

    Raises UnusableEnvironment when another process holds it, or when it is not a folder or cannot be written.
    """
    lock = _try_hold(data)
    if lock is None:
        raise UnusableEnvironment("held", f"A platform is running on {data}: stop it first, or use another --data.")
    try:
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(lock)


def is_held(data: Path) -> bool:
    """Returns whether a platform holds `data` now; raises UnusableEnvironment when the lock file cannot be opened."""
    if not (data / _NAME).exists():
        return False
    lock = _try_hold(data)
    if lock is not None:
        os.close(lock)
    return lock is None


def _try_hold(data: Path) -> int | None:
    try:
        return try_lock(new_folder(data) / _NAME)
    except FileExistsError as wrong:
        raise UnusableEnvironment("not_a_folder", f"{data} is a file, not a folder: choose another --data.") from wrong
    except OSError as wrong:
        text = f"{data} cannot be written or locked ({wrong.strerror}): nothing was changed; choose another --data."
        raise UnusableEnvironment("read_only", text) from wrong
