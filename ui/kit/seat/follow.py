"""The only bridge from the core to Qt: forwards what was touched on the board, at most once per frame."""

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from commandcenter.store.board import Board
from commandcenter.store.touched import Touched

FRAME = 16  # milliseconds
SECOND = 1000


class Follow(QObject):
    """Emits `touched` with the merged changes of a frame, and `second` at each full second.

    All screens share `second`, so that all countdowns change together. What devices report waits for it: a hall at rest
    is painted once a second.
    """

    touched = Signal(object)  # Touched
    second = Signal()

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board
        self._heard = Touched()
        self._frame = _timer(self, FRAME, self._tell)
        self._second = _timer(self, SECOND, self._turn)
        self._board.changed.connect(self._hear)
        self._wait_for_second()

    def close(self) -> None:
        """Stops following and emits nothing more; safe to call twice."""
        if self._second.isActive():
            self._board.changed.disconnect(self._hear)
        self._frame.stop()
        self._second.stop()

    def _hear(self, touched: Touched) -> None:
        self._heard |= touched
        if not self._frame.isActive() and not touched.is_telemetry:
            self._frame.start()

    def _tell(self) -> None:
        self._frame.stop()
        heard, self._heard = self._heard, Touched()
        self.touched.emit(heard)

    def _turn(self) -> None:
        self._wait_for_second()
        if self._heard != Touched():
            self._tell()
        self.second.emit()

    def _wait_for_second(self) -> None:
        self._second.start(SECOND - int(time.time() * SECOND) % SECOND)


def _timer(parent: QObject, interval: int, then: object) -> QTimer:
    timer = QTimer(parent, interval=interval, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(then)
    return timer
