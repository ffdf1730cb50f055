"""Flushes files and folder entries to disk, so that they survive a power failure."""

import os
from contextlib import suppress
from pathlib import Path


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
