"""Collects Python's garbage in the window's thread only: a widget freed in another thread hangs or ends the console.

By default, Python collects in whichever thread happens to allocate, a database worker's too, and would free a cycle
that holds a widget there. So automatic collection is off, and a timer of the event loop collects instead.
"""

import gc

from PySide6.QtCore import QObject, QTimer

NAME = "sweeping"
EVERY = 200  # milliseconds
START_MS = 3000  # milliseconds; what a console loads meanwhile is permanent, so that collecting is wasted time


def disable_collection() -> None:
    """Disables collection until `collect_in_main_thread`."""
    gc.disable()


def collect_in_main_thread(app: QObject, *, after: int = 0) -> None:
    """Collects in the thread of `app` only, by Python's own thresholds.

    `after`: milliseconds during which the start is left alone. Objects that exist at their end are never examined
    again, so that collections, and with them the pauses of the loop, are short. Cycles that are garbage by then leak:
    a few, once.
    """
    disable_collection()
    if app.findChild(QTimer, NAME) is None:
        timer = QTimer(app, interval=EVERY)
        timer.setObjectName(NAME)
        timer.timeout.connect(collect_if_due)
        if after:
            QTimer.singleShot(after, app, lambda: _begin(timer))
        else:
            timer.start()


def collect_if_due() -> None:
    """Collects the oldest generation whose count exceeds its threshold, if any."""
    counts, most = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > most[generation]:
            gc.collect(generation)
            return


def _begin(timer: QTimer) -> None:
    gc.freeze()
    timer.start()
