"""The first sight of the list, or of what stands in its place: what a person does not need before it waits for it."""

import asyncio
from contextlib import suppress

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

UNSEEN = 1.0  # seconds; a window that nobody looks at is never painted


class FirstSight(QObject):
    """`seen`: it was painted, and the loop is free for a click; once."""

    seen = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._painted = asyncio.Event()

    @property
    def came(self) -> bool:
        """Whether it was painted."""
        return self._painted.is_set()

    def watch(self, widget: QWidget) -> None:
        """Wait for the painting of `widget`."""
        widget.installEventFilter(self)

    async def until_it_came(self) -> None:
        """Wait until it was painted, but not for a window that nobody sees."""
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
