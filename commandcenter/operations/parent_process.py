"""Notices the end of the process that started this one, which holds its standard input open as long as it lives."""

import os
import threading
from collections.abc import Callable
from contextlib import suppress


def when_parent_ends(then: Callable[[], None]) -> None:
    """Calls `then` in a thread of its own when standard input ends."""

    def wait() -> None:
        with suppress(OSError):
            while os.read(0, 4096):  # not `sys.stdin`, whose lock this thread would still hold at the end of Python
                pass
        then()

    threading.Thread(target=wait, name="parent", daemon=True).start()
