"""Logs of console and platform: where they begin anew, how many are kept, and how often the same is said."""

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
LOGS_KEPT = 2  # former logs beside the one that is written
SAME_MOST = 20  # records with the same message in a minute
LOGGER_MOST = 200  # records of one logger in a minute
_WITHIN = 60.0
_REMEMBERED = 500  # messages that are counted at a time


class LogFile(RotatingFileHandler):
    """Begins its file anew while it runs, whenever it has grown too large; what a full disk does not take is lost.

    OSError when the file cannot be had at all.
    """

    def __init__(self, file: Path, *, layout: str = FORMAT, bytes_most: int = LOG_BYTES) -> None:
        super().__init__(file, maxBytes=bytes_most, backupCount=LOGS_KEPT, encoding="utf-8")
        self.setFormatter(logging.Formatter(layout))

    def _open(self) -> TextIOWrapper:
        """A new log is readable by this user alone."""
        os.close(os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """Nobody is told: a disk without room does not stop whoever logs."""


@dataclass(slots=True)
class _Window:
    """How many came since `begun`, and how many of them were left out."""

    begun: float
    count: int = 0
    left_out: int = 0


class RateLimit(logging.Filter):
    """Lets the same message pass so many times a minute; the next one after that says how many were left out.

    Messages are the same when their text before its arguments is. `mono`: seconds of a clock that does not jump.
    """

    def __init__(self, *, mono: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._mono = mono
        self._windows: OrderedDict[tuple[str, ...], _Window] = OrderedDict()
        self._counting = Lock()  # a handler filters before it takes its own

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written."""
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
