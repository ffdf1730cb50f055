"""What has to outlast a power cut: a file's content and the names in a folder, on the disk before they are used."""

import os
from contextlib import suppress
from pathlib import Path


def flush_file(file: Path) -> None:
    """All of `file` is on the disk when this returns; OSError."""
    _flush(file, os.O_RDWR)


def flush_names(folder: Path) -> None:
    """So are the names in `folder`, where the system lets a folder be flushed (Windows does not open one)."""
    with suppress(OSError, AttributeError):
        _flush(folder, os.O_RDONLY | os.O_DIRECTORY)


def _flush(place: Path, how: int) -> None:
    handle = os.open(place, how)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
