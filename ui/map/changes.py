"""Gathers the slots that changed, so that the page hears of them at most once a frame."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from ui.map.columns import Slots, merged

FRAME_MS = 16


class SlotChanges(QObject):
    """`due` carries the changed slots, each once and sorted (int64), a frame after the first of them."""

    due = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: list[Slots] = []
        self._timer = QTimer(self, interval=FRAME_MS, singleShot=True)
        self._timer.timeout.connect(self.flush)

    def add(self, slots: Slots) -> None:
        """Adds slots to those that wait for the next frame."""
        self._waiting.append(np.asarray(slots, dtype=np.int64))
        if not self._timer.isActive():
            self._timer.start()

    def clear(self) -> None:
        """Drops what waits."""
        self._timer.stop()
        self._waiting.clear()

    def flush(self) -> None:
        """Emits what waits at once; nothing when nothing waits."""
        slots = merged(self._waiting)
        self.clear()
        if len(slots):
            self.due.emit(slots)
