"""Python's garbage is swept by the window's thread alone: a widget that another thread frees hangs or ends the console.

Left to itself, Python looks for garbage in whichever thread happens to allocate, a lane to a database as well; a cycle
that holds a widget would be freed there. So the collector is switched off, and a timer of the loop does its work.
"""

import gc

from PySide6.QtCore import QCoreApplication, QTimer

NAME = "sweeping"
EVERY = 200  # milliseconds


def sweep_here(app: QCoreApplication) -> None:
    """From now on the collector runs in the thread of `app` alone, by Python's own thresholds."""
    gc.disable()
    if app.findChild(QTimer, NAME) is None:
        timer = QTimer(app, interval=EVERY)
        timer.setObjectName(NAME)
        timer.timeout.connect(sweep)
        timer.start()


def sweep() -> None:
    """Free what is due: the oldest generation whose count has passed its threshold."""
    counts, most = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > most[generation]:
            gc.collect(generation)
            return
