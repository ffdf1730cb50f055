"""How long a call takes, over many calls."""

import statistics
import time
from collections.abc import Callable

Do = Callable[[int], object]


def median(do: Do, times: int) -> float:
    """Calls `do` with 0, 1, … `times` times; returns the median of the milliseconds."""
    return statistics.median(_spent(do, times))


def p95(do: Do, times: int) -> float:
    """Calls `do` with 0, 1, … `times` times; returns the milliseconds that one call in twenty exceeds."""
    return sorted(_spent(do, times))[int(times * 0.95)]


def _spent(do: Do, times: int) -> list[float]:
    spent = []
    for n in range(times):
        started = time.perf_counter()
        do(n)
        spent.append((time.perf_counter() - started) * 1000)
    return spent
