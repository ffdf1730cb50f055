"""Forwards changes of the connection and the acts to the screens, at most once per turn of the event loop."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.sync.connection import State

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

CATCHING_UP = 20.0  # seconds that a new connection may take to catch up before its data count as stale


class StatusWatch(QObject):
    """Emits `changed` when the connection or an act changed, once for several changes in one turn."""

    changed = Signal()

    def __init__(self, desk: "Desk") -> None:
        super().__init__()
        self._desk = desk
        self._open = True
        self._live_since: datetime | None = None
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self.changed)
        desk.connection.changed.connect(self._hear)
        desk.acts.changed.connect(self._hear)

    @property
    def is_stale(self) -> bool:
        """Whether the shown data may be old; a new connection first gets CATCHING_UP seconds to catch up."""
        if self._desk.connection.state is not State.LIVE or self._live_since is None:
            return self._desk.connection.stale
        fresh = (self._desk.now() - self._live_since).total_seconds() < CATCHING_UP
        return self._desk.connection.stale and not fresh

    def close(self) -> None:
        """Stops listening; may be called twice."""
        if self._open:
            self._open = False
            self._desk.acts.changed.disconnect(self._hear)
            self._desk.connection.changed.disconnect(self._hear)
        self._soon.stop()

    def _hear(self, _nothing: None) -> None:
        is_live = self._desk.connection.state is State.LIVE
        self._live_since = (self._live_since or self._desk.now()) if is_live else None
        if not self._soon.isActive():
            self._soon.start()
