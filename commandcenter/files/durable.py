"""Writes files for this user alone and flushes them to disk, so that they survive a power failure."""

import os
from contextlib import suppress
from pathlib import Path


def create_private(file: Path) -> int:
    """Creates a file that only this user can read and returns a handle to write; raises FileExistsError, OSError."""
    return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def ensure_private(file: Path) -> None:
    """Creates a missing file that only this user can read; leaves an existing one as it is. Raises OSError."""
    with suppress(FileExistsError):
        os.close(create_private(file))


def write_new(file: Path, content: bytes) -> None:
    """Writes a new file that only this user can read, and flushes it. Raises FileExistsError, OSError."""
    with os.fdopen(create_private(file), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())  # otherwise a power cut could leave a renamed file empty


def replace_file(file: Path, content: bytes) -> None:
    """Replaces a file atomically by one that only this user can read: it is the old or the new one, and whole.

    Its name may still be that of the old one after a power cut: who cannot have that flushes the folder. Raises
    OSError.
    """
    aside = file.with_name(f"{file.name}.new")
    aside.unlink(missing_ok=True)
    write_new(aside, content)
    os.replace(aside, file)


def flush_file(file: Path) -> None:
    """Flushes the content of `file` to disk; raises OSError when that fails."""
    _flush(file, os.O_RDWR)


def flush_folder(folder: Path) -> None:
    """Flushes the entries of `folder` to disk where the system allows it (Windows cannot open a folder)."""
    with suppress(OSError, AttributeError):
        _flush(folder, os.O_RDONLY | os.O_DIRECTORY)


def _flush(place: Path, how: int) -> None:
    handle = os.open(place, how)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
