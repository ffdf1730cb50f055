"""Carries what the connection and the acts say to the screens: queued and told once a turn, as the board's follower."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.sync.connection import State

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

CATCHING_UP = 20.0  # seconds that a fresh line may take to catch up before its data count as old


class StatusWatch(QObject):
    """`changed` when the connection or an act came further; several in one turn are told once."""

    changed = Signal()

    def __init__(self, desk: "Desk", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._open = True
        self._live_since: datetime | None = None
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self.changed)
        desk.connection.changed.connect(self._hear)
        desk.acts.changed.connect(self._hear)

    @property
    def is_stale(self) -> bool:
        """Whether what is shown may be old: a line that has just begun is given a moment to catch up."""
        if self._desk.connection.state is not State.LIVE or self._live_since is None:
            return self._desk.connection.stale
        fresh = (self._desk.now() - self._live_since).total_seconds() < CATCHING_UP
        return self._desk.connection.stale and not fresh

    def close(self) -> None:
        """Hear no more; safe to call twice."""
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
