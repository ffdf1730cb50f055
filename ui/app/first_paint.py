"""Waits for the first paint of the list, so that work the user does not need for it can start afterwards."""

import asyncio
from contextlib import suppress

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

UNSEEN = 1.0  # seconds to wait; a window that is not visible is never painted


class FirstPaint(QObject):
    """Detects the first paint of a widget; `seen` is emitted once, when the loop is free for input after it."""

    seen = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._painted = asyncio.Event()

    @property
    def came(self) -> bool:
        """Whether the widget was painted."""
        return self._painted.is_set()

    def watch(self, widget: QWidget) -> None:
        """Watches `widget` for its first paint."""
        widget.installEventFilter(self)

    async def wait_until_painted(self) -> None:
        """Waits for the first paint, at most UNSEEN seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._painted.wait(), UNSEEN)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._tell)
        return False

    def _tell(self) -> None:
        if not self.came:
            self._painted.set()
            self.seen.emit()
