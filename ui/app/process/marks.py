"""Timing of the start: when each step was reached, in milliseconds since process start, as JSON lines on stderr."""

import json
import os
import sys
import time

_BEGUN = time.time()


class Marks:
    """Prints each mark once; prints nothing unless `on`."""

    def __init__(self, *, on: bool) -> None:
        self._on = on
        self._told: set[str] = set()

    def reach(self, name: str) -> None:
        """Prints `name` and the time, the first time it is reached."""
        if self._on and name not in self._told:
            self._told.add(name)
            print(json.dumps({"mark": name, "ms": round(since_start(), 1)}), file=sys.stderr, flush=True)


def since_start() -> float:
    """Returns the milliseconds since process start (on Linux to 10 ms; elsewhere since this module was loaded)."""
    try:
        with open("/proc/self/stat", encoding="ascii") as file:
            ticks = int(file.read().rpartition(")")[2].split()[19])
        return (time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")) * 1000
    except (OSError, AttributeError, ValueError, IndexError):
        return (time.time() - _BEGUN) * 1000
