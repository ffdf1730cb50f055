"""Python's garbage is swept by the window's thread alone: a widget that another thread frees hangs or ends the console.

Left to itself, Python looks for garbage in whichever thread happens to allocate, a lane to a database as well; a cycle
that holds a widget would be freed there. So the collector is switched off, and a timer of the loop does its work.
"""

import gc

from PySide6.QtCore import QObject, QTimer

NAME = "sweeping"
EVERY = 200  # milliseconds
STARTING = 3000  # milliseconds in which a console loads what it needs for good: no time to look for garbage


def hold() -> None:
    """No sweep until `sweep_here`."""
    gc.disable()


def sweep_here(app: QObject, *, after: int = 0) -> None:
    """From now on the collector runs in the thread of `app` alone, by Python's own thresholds.

    `after`: milliseconds in which a start is left alone; what there is by their end is never looked through again, so
    that sweeps, and with them the pauses of the loop, are short. Circles that are garbage by then stay: a few, once.
    """
    hold()
    if app.findChild(QTimer, NAME) is None:
        timer = QTimer(app, interval=EVERY)
        timer.setObjectName(NAME)
        timer.timeout.connect(sweep)
        if after:
            QTimer.singleShot(after, app, lambda: _begin(timer))
        else:
            timer.start()


def sweep() -> None:
    """Free what is due: the oldest generation whose count has passed its threshold."""
    counts, most = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > most[generation]:
            gc.collect(generation)
            return


def _begin(timer: QTimer) -> None:
    gc.freeze()
    timer.start()
