"""Locks a file against other processes; the system releases the lock when the process ends, however it ends."""

import os
from pathlib import Path

from filelock import lock_descriptor


def try_lock(file: Path) -> int | None:
    """Returns a handle that holds the lock on `file` until it is closed; None when another handle holds it.

    A missing file is created. Raises OSError, also where the file system has no locks.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    is_held = False
    try:
        is_held = lock_descriptor(handle, blocking=False)
    finally:
        if not is_held:
            os.close(handle)
    return handle if is_held else None
