"""Errors of this program: each is logged with its traceback and shown once, by a number, never as a traceback."""

import asyncio
import hashlib
import logging
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from commandcenter.settings.folders import private_folder
from commandcenter.settings.logs import FORMAT, LogFile, RateLimit
from commandcenter.store.signal import Signal
from commandcenter.sync.unavailable import Unavailable

log = logging.getLogger("console")
_QUIET = (  # harmless messages of Qt's platform plug-ins
    "propagateSizeHints",
    "This plugin does not support",
    "Failed to load vulkan",
    "initInstance",
    "Failed to create platform Vulkan",
    "Unable to detect GPU",
)
_LEVELS = {QtMsgType.QtWarningMsg: logging.WARNING, QtMsgType.QtCriticalMsg: logging.ERROR}


class Faults:
    """Hooks into Python, asyncio, logging and Qt.

    `tell(number)` is called the first time an error occurs, `prevented` emits Unavailable; `last` is the latest number.
    """

    def __init__(self, tell: Callable[[str], object] = lambda _number: None) -> None:
        self.prevented: Signal[Unavailable] = Signal()
        self._tell = tell
        self.last = ""
        self._seen: set[str] = set()
        self._handlers: list[logging.Handler] = []

    def hook(self) -> None:
        """Installs the hooks for uncaught exceptions, Qt messages and logged errors."""
        sys.excepthook = self._raised
        qInstallMessageHandler(self._qt_said)
        self._listen(_LoggedErrorHandler(self))

    def hook_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Handles errors of the event loop too."""
        loop.set_exception_handler(lambda _loop, context: self._in_loop(context))

    def write_to(self, folder: Path) -> None:
        """Logs to `console.log` in the profile's folder, or to stderr if that cannot be written."""
        handler: logging.Handler
        try:
            private_folder(folder)
            handler = LogFile(folder / "console.log")
        except OSError:
            handler = logging.StreamHandler()
            handler.setFormatter(logging.Formatter(FORMAT))
        handler.addFilter(RateLimit())
        self._listen(handler)

    def note(self, error: BaseException) -> str:
        """Logs an error of this program, shows it the first time, and returns its number.

        Unavailable, an environment or network error, is emitted by `prevented` instead; the number is then "".
        """
        if isinstance(error, Unavailable):
            self.prevented.emit(error)
            return ""
        number = number_of(error)
        fresh = number not in self._seen
        self._seen.add(number)
        self.last = number
        log.error("%s", number, exc_info=error, extra={"noted": True})
        if fresh:
            self._tell(number)
        return number

    def close(self) -> None:
        """Removes the hooks and closes the log; reverses `hook` and `write_to`."""
        sys.excepthook = sys.__excepthook__
        qInstallMessageHandler(None)
        for handler in self._handlers:
            logging.getLogger().removeHandler(handler)
            handler.close()
        self._handlers.clear()

    def _listen(self, handler: logging.Handler) -> None:
        self._handlers.append(handler)
        logging.getLogger().addHandler(handler)

    def _raised(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.note(error.with_traceback(trace))

    def _in_loop(self, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            self.note(error)
        else:
            log.warning("loop: %s", context.get("message"))

    def _qt_said(self, kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if not message.startswith(_QUIET):
            log.log(_LEVELS.get(kind, logging.DEBUG), "Qt: %s", message)


class _LoggedErrorHandler(logging.Handler):
    """Treats exceptions that other code logs, such as that of a failed task, as errors of this program."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(logging.ERROR)
        self._faults = faults

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not getattr(record, "noted", False):
            self._faults.note(error)


def number_of(error: BaseException) -> str:
    """Returns the number of an error: "E-" and four hex digits, equal for the same type at the same file and line."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return "E-" + hashlib.sha256(f"{type(error).__name__}@{place}".encode()).hexdigest()[:4].upper()
