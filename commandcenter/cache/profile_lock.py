"""Locks a profile to one console; the operating system releases the lock when the process ends, however it ends."""

import contextlib
import os
from pathlib import Path

from commandcenter.cache.faults import InUse, ReadOnly
from commandcenter.files.lock import try_lock
from commandcenter.settings.folders import private_folder


class ProfileLock:
    """The lock on a profile folder, held from construction until `release` or the end of the process.

    The constructor creates a missing folder. Raises ReadOnly when the folder cannot be written to or locked, InUse when
    another console holds the lock.
    """

    def __init__(self, folder: Path) -> None:
        try:
            private_folder(folder)
            handle = try_lock(folder / "lock")
        except OSError as wrong:
            raise ReadOnly(folder) from wrong
        if handle is None:
            raise InUse(folder)
        self._handle = handle

    def release(self) -> None:
        """Releases the lock, so that another console can open the profile."""
        with contextlib.suppress(OSError):
            os.close(self._handle)
