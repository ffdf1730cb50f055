"""Locks a profile to one console; the operating system releases the lock when the process ends, however it ends."""

import contextlib
import os
import sys
from pathlib import Path

from commandcenter.cache.faults import InUse, ReadOnly
from commandcenter.settings.folders import private_folder

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class ProfileLock:
    """The lock on a profile folder, held from construction until `release` or the end of the process.

    The constructor creates a missing folder. Raises ReadOnly when the folder cannot be written to, InUse when another
    console holds the lock.
    """

    def __init__(self, folder: Path) -> None:
        try:
            private_folder(folder)
            self._handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as wrong:
            raise ReadOnly(folder) from wrong
        try:
            _take(self._handle)
        except OSError as wrong:
            os.close(self._handle)
            raise InUse(folder) from wrong

    def release(self) -> None:
        """Releases the lock, so that another console can open the profile."""
        with contextlib.suppress(OSError):
            os.close(self._handle)
