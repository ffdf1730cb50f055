"""Ctrl-C and SIGTERM, heard by the window's loop in its turn.

Python runs a signal's handler between any two of its instructions: amid the step of a coroutine that is about to wait
for the very thing that the handler tells, and then waits for ever. So nothing happens there; the number travels
through a socket that the loop listens to.
"""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSocketNotifier


@contextmanager
def heard(then: Callable[[int], object]) -> Iterator[None]:
    """Inside, the loop calls `then(number)` for either of them; afterwards they do what they did before."""
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
        tells.setblocking(False)  # Python asks for that
        yield hears, tells


def _left_to_the_loop(_number: int, _frame: object) -> None:
    """Python writes to the socket only for a signal that has a handler."""
