"""Gives the memory that only the start needed back to the system: a console stands for weeks on a shared machine."""

import ctypes
import sys

from PySide6.QtCore import QObject, QTimer

STARTED_MS = 20_000  # milliseconds; by then board, map and first paints have freed what they read and drew with


def trim_heap(app: QObject, *, after: int) -> None:
    """Returns freed memory once, `after` milliseconds from now; glibc keeps it otherwise, and others need no call."""
    QTimer.singleShot(after, app, _trim)


def _trim() -> None:
    if sys.platform.startswith("linux") and hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)
