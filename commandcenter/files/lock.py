"""Locks a file against other processes; the system releases the lock when the process ends, however it ends."""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def open_lock(file: Path) -> int:
    """Returns a handle of the lock file, which is created when missing. Raises OSError."""
    return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)


def try_lock(handle: int) -> bool:
    """Locks the file until its handle is closed; returns False when another handle holds the lock."""
    try:
        _take(handle)
    except OSError:
        return False
    return True
