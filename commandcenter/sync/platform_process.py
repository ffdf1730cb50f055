"""One run of the embedded platform: its process, what it says until it is ready, and its end."""

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

_PATIENCE = 5.0  # seconds for the last lines of a log
_HIDDEN = getattr(subprocess, "CREATE_NO_WINDOW", 0)


class PlatformProcess:
    """A process that is ready when it prints `ready URL`, and ends when its standard input does.

    `why` is the code that it gave with `unusable CODE` before it ended, "" without.
    """

    def __init__(self, arguments: Sequence[str], log: Path, *, said: Callable[[str], None] | None = None) -> None:
        """Starts it; `said` hears each line of its log, in the loop. Unavailable (platform_ended) when it cannot."""
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
        """The last line of its log."""
        return self._last[-1] if self._last else ""

    def kill(self) -> None:
        """End it without a warning, as `kill -9` does."""
        self._process.kill()

    async def stop(self, patience: float) -> None:
        """Let it end; make it, when it does not within `patience` seconds."""
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
        """Into the file, which begins anew when it has grown too large; a full disk does not stop the platform."""
        with closing(_log_file(log)) as out:
            for line in _lines(self._process.stderr):
                self._last.append(line)
                out.handle(logging.makeLogRecord({"msg": line}))
                if self._said is not None:
                    self._tell(self._said, line)

    def _let_go(self) -> None:
        """Close its standard input, which is what it lives by."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()

    def _tell(self, hear: Callable[..., object], *what: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody is interested any more
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
    """Line by line until the other side ends; closes the stream."""
    if stream is not None:
        with stream:
            yield from (raw.decode("utf-8", "replace").rstrip("\r\n") for raw in stream)
