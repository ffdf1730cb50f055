"""Faults of our own: each written to the profile's log with its trace, shown once by number, and never a traceback."""

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

from commandcenter.settings.folders import own
from commandcenter.settings.logs import FORMAT, LogFile, RateLimit
from commandcenter.sync.unavailable import Unavailable

log = logging.getLogger("console")
_QUIET = (  # a plug-in's small talk
    "propagateSizeHints",
    "This plugin does not support",
    "Failed to load vulkan",
    "initInstance",
    "Failed to create platform Vulkan",
    "Unable to detect GPU",
)
_LEVELS = {QtMsgType.QtWarningMsg: logging.WARNING, QtMsgType.QtCriticalMsg: logging.ERROR}


class Faults:
    """Hooks into Python, asyncio and Qt. `tell(number)` is called the first time that a fault is seen."""

    def __init__(self) -> None:
        self.tell: Callable[[str], None] = lambda _number: None
        self.say: Callable[[Unavailable], object] = lambda _fault: None
        self.last = ""
        self._seen: set[str] = set()
        self._handlers: list[logging.Handler] = []

    def hook(self) -> None:
        """From now on nothing is lost."""
        sys.excepthook = self._raised
        qInstallMessageHandler(self._qt_said)
        self._listen(_Ear(self))

    def hook_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Hear what goes wrong in the loop too."""
        loop.set_exception_handler(lambda _loop, context: self._in_loop(context))

    def write_to(self, folder: Path) -> None:
        """Keep the log in the profile's folder; a folder that cannot be written leaves it on stderr."""
        handler: logging.Handler
        try:
            own(folder)
            handler = LogFile(folder / "console.log")
        except OSError:
            handler = logging.StreamHandler()
            handler.setFormatter(logging.Formatter(FORMAT))
        handler.addFilter(RateLimit())
        self._listen(handler)

    def note(self, error: BaseException) -> str:
        """Log an error of ours and show it once; its number. The world's faults become a sentence instead."""
        if isinstance(error, Unavailable):
            self.say(error)
            return ""
        number = number_of(error)
        fresh = number not in self._seen
        self._seen.add(number)
        self.last = number
        log.error("%s", number, exc_info=error, extra={"noted": True})
        if fresh:
            self.tell(number)
        return number

    def close(self) -> None:
        """Hear and write no more; mirrors `hook` and `write_to`."""
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


class _Ear(logging.Handler):
    """Errors that others log (a task that failed) are faults of ours as well."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(logging.ERROR)
        self._faults = faults

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not getattr(record, "noted", False):
            self._faults.note(error)


def number_of(error: BaseException) -> str:
    """The number of a fault, E- and four digits: the same for the same kind at the same place in the code."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return "E-" + hashlib.sha256(f"{type(error).__name__}@{place}".encode()).hexdigest()[:4].upper()
