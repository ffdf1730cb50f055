"""One run of the embedded platform: its process, its output, and its end."""

import asyncio
import logging
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import IO

from commandcenter.settings.folders import new_folder
from commandcenter.settings.logs import LogFile
from commandcenter.sync.unavailable import Unavailable

_PATIENCE = 5.0  # seconds to wait for the last lines of the log
_HIDDEN = getattr(subprocess, "CREATE_NO_WINDOW", 0)


class PlatformProcess:
    """A process that is ready when it prints `ready URL`, and ends when its standard input is closed.

    Two threads read its output; `ready` and `ended` are set in the event loop. `why` is the code of a line `unusable
    CODE` that it printed before it ended, else "".
    """

    def __init__(self, arguments: Sequence[str], log: Path, *, said: Callable[[str], None] | None = None) -> None:
        """Starts it; `said` is called in the event loop with each log line. Raises Unavailable (platform_ended)."""
        self._loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[str] = self._loop.create_future()
        self.ended: asyncio.Future[int] = self._loop.create_future()
        self.why = ""
        self._said = said
        self._last: deque[str] = deque(maxlen=5)
        pipe = subprocess.PIPE
        try:
            self._process = subprocess.Popen(
                [sys.executable, *arguments], stdin=pipe, stdout=pipe, stderr=pipe, creationflags=_HIDDEN
            )
        except OSError as wrong:
            raise Unavailable("platform_ended", wrong.strerror or "") from wrong
        self._logging = threading.Thread(target=self._read_log, args=(log,), name="platform log", daemon=True)
        self._logging.start()
        threading.Thread(target=self._read_ready, name="platform ready", daemon=True).start()

    def last_words(self) -> str:
        """Returns the last line of its log, "" without one."""
        return self._last[-1] if self._last else ""

    def kill(self) -> None:
        """Kills it without a warning, as `kill -9` does."""
        self._process.kill()

    async def stop(self, patience: float) -> None:
        """Closes its standard input; after `patience` seconds terminates it, after as many again kills it."""
        self._let_go()
        for force in (self._process.terminate, self._process.kill):
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self.ended), patience)
                return
            force()
        await self.ended

    def _read_ready(self) -> None:
        for line in _lines(self._process.stdout):
            if line.startswith("ready "):
                self._tell(_settle, self.ready, line.removeprefix("ready ").strip())
            elif line.startswith("unusable "):
                self.why = line.removeprefix("unusable ").strip()
        self._logging.join(_PATIENCE)
        code = self._process.wait()
        self._let_go()
        self._tell(_settle, self.ended, code)

    def _read_log(self, log: Path) -> None:
        """Copies the log into a file that is rotated when it is too large; a full disk does not stop the platform."""
        with closing(_log_file(log)) as out:
            for line in _lines(self._process.stderr):
                self._last.append(line)
                out.handle(logging.makeLogRecord({"msg": line}))
                if self._said is not None:
                    self._tell(self._said, line)

    def _let_go(self) -> None:
        """Closes its standard input, at which it ends."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()

    def _tell(self, hear: Callable[..., object], *what: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody needs it any more
            self._loop.call_soon_threadsafe(hear, *what)


def _log_file(log: Path) -> logging.Handler:
    try:
        new_folder(log.parent)
        return LogFile(log, layout="%(message)s")
    except OSError:
        return logging.NullHandler()


def _settle(future: "asyncio.Future[object]", value: object) -> None:
    if not future.done():
        future.set_result(value)


def _lines(stream: IO[bytes] | None) -> Iterator[str]:
    """Yields lines until the other side ends, then closes the stream."""
    if stream is not None:
        with stream:
            yield from (raw.decode("utf-8", "replace").rstrip("\r\n") for raw in stream)
