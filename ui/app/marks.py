"""Marks of a start: what was reached how many milliseconds after this process began, as JSON lines on stderr."""

import json
import os
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer

_BEGUN = time.time()


class Eye(QObject):
    """Watches a widget (as its event filter) for its first painting, then calls once, when the loop is free again."""

    def __init__(self, seen: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._seen = seen

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._seen)
        return False


class Marks:
    """Silent unless asked for."""

    def __init__(self, *, on: bool) -> None:
        self._on = on
        self._told: set[str] = set()

    def reach(self, name: str) -> None:
        """Tell `name` the first time that it is reached."""
        if self._on and name not in self._told:
            self._told.add(name)
            print(json.dumps({"mark": name, "ms": round(since_start(), 1)}), file=sys.stderr, flush=True)


def since_start() -> float:
    """Milliseconds since this process began (on Linux to 10 ms; elsewhere since this module was loaded)."""
    try:
        with open("/proc/self/stat", encoding="ascii") as file:
            ticks = int(file.read().rpartition(")")[2].split()[19])
        return (time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")) * 1000
    except (OSError, AttributeError, ValueError, IndexError):
        return (time.time() - _BEGUN) * 1000
