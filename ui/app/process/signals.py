"""Delivers Ctrl-C and SIGTERM to the window's event loop.

Python runs a signal's handler between any two bytecode instructions. That may be within a step of a coroutine that is
about to wait for the very event which the handler sets, and then it waits forever. So the handler does nothing, and the
signal's number reaches the loop through a socket that the loop watches.
"""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSocketNotifier


@contextmanager
def signals_handled(then: Callable[[int], object]) -> Iterator[None]:
    """Within the block, the loop calls `then(number)` for either signal; then the former handlers are restored."""
    with _pair() as (hears, tells):
        before = {number: signal.signal(number, _left_to_the_loop) for number in (signal.SIGINT, signal.SIGTERM)}
        woken = signal.set_wakeup_fd(tells.fileno())
        notifier = QSocketNotifier(hears.fileno(), QSocketNotifier.Type.Read)
        notifier.activated.connect(lambda: [then(number) for number in hears.recv(64)])
        try:
            yield
        finally:
            notifier.setEnabled(False)
            signal.set_wakeup_fd(woken)
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def _pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    hears, tells = socket.socketpair()
    with hears, tells:
        hears.setblocking(False)
        tells.setblocking(False)  # required by set_wakeup_fd
        yield hears, tells


def _left_to_the_loop(_number: int, _frame: object) -> None:
    """Does nothing: Python writes to the socket only for a signal that has a handler."""
