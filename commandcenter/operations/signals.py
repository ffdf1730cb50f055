"""Handles the signals that end a program, for the duration of a block."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]


@contextmanager
def signals_handled(by: Callable[[int, FrameType | None], object] | signal.Handlers) -> Iterator[None]:
    """Within the block, `by` handles the signals that end a program; then the former handlers are restored."""
    before = {number: signal.signal(number, by) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
