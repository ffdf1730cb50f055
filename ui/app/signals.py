"""Ctrl-C and SIGTERM, heard while the window's loop runs."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer

BEAT = 500  # milliseconds


@contextmanager
def heard(then: Callable[[int], object]) -> Iterator[None]:
    """Inside, `then(number)` is called for either of them; afterwards they do what they did before."""
    told = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda number, _frame: then(number)) for number in told}
    beat = QTimer(interval=BEAT)
    beat.timeout.connect(lambda: None)  # a signal is heard only when some Python runs
    beat.start()
    try:
        yield
    finally:
        beat.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
