"""Configures the log files of console and platform: rotation, how many are kept, and how often a message may repeat."""

import logging
import os
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from threading import Lock

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
LOG_BYTES = 1_000_000
LOGS_KEPT = 2  # rotated files, in addition to the current one
SAME_MOST = 20  # records with the same message per minute
LOGGER_MOST = 200  # records of one logger per minute
_WITHIN = 60.0
_REMEMBERED = 500  # number of messages counted at the same time


class LogFile(RotatingFileHandler):
    """A rotating log file, private to the current user; records that a full disk does not accept are lost.

    The constructor raises OSError when the file cannot be opened.
    """

    def __init__(self, file: Path, *, layout: str = FORMAT, bytes_most: int = LOG_BYTES) -> None:
        super().__init__(file, maxBytes=bytes_most, backupCount=LOGS_KEPT, encoding="utf-8")
        self.setFormatter(logging.Formatter(layout))

    def _open(self) -> TextIOWrapper:
        """Opens the file; a new one is readable by the current user only."""
        os.close(os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """Ignores the error: a full disk must not stop the code that logs."""


@dataclass(slots=True)
class _Window:
    """Counts the records since `begun` (monotonic seconds), and those suppressed."""

    begun: float
    count: int = 0
    left_out: int = 0


class RateLimit(logging.Filter):
    """A logging filter that limits how often a message, and a logger, may appear per minute.

    The next record after that says how many were suppressed. Messages are the same when their format strings are,
    whatever the arguments. `mono` is a monotonic clock in seconds.
    """

    def __init__(self, *, mono: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._mono = mono
        self._windows: OrderedDict[tuple[str, ...], _Window] = OrderedDict()
        self._counting = Lock()  # handlers call filters before they take their own lock

    def filter(self, record: logging.LogRecord) -> bool:
        """Returns whether the record is written."""
        logger, message = (record.name,), (record.name, record.levelname, str(record.msg))
        with self._counting:
            return self._passes(record, message, SAME_MOST) and self._passes(record, logger, LOGGER_MOST)

    def _passes(self, record: logging.LogRecord, key: tuple[str, ...], most: int) -> bool:
        window, now = self._windows.setdefault(key, _Window(self._mono())), self._mono()
        if now - window.begun >= _WITHIN:
            if window.left_out:
                record.msg = f"{record.msg} [{window.left_out} more like this were left out]"
            window.begun, window.count, window.left_out = now, 0, 0
        window.count += 1
        window.left_out += window.count > most
        self._windows.move_to_end(key)
        while len(self._windows) > _REMEMBERED:
            self._windows.popitem(last=False)
        return window.count <= most
