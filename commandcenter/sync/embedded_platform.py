"""The platform embedded in this console: started with it, restarted when it dies, and stopped with it."""

import asyncio
import socket
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from commandcenter.store.signal import Signal
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.platform_process import PlatformProcess
from commandcenter.sync.unavailable import Unavailable

START = 180.0  # seconds: the first start generates the district
STOP = 8.0
RESTARTS, WITHIN = 5, 60.0  # after so many deaths in so many seconds it is not restarted
PORT = "embedded.port"  # file in the platform's folder with its last port
# On Windows SO_REUSEADDR would share a port that is in use.
_REUSE = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
_UNUSABLE = {  # why the platform cannot use its folder → the code that a screen can show
    "held": "data_in_use",
    "read_only": "read_only",
    "not_a_folder": "not_a_folder",
    "newer": "newer_database",
    "corrupt": "database_damaged",
}


class EmbeddedPlatform:
    """`main.py serve --with-console` as a supervised subprocess.

    After a restart `moved` emits the former address and the present one (the same if its port is still free);
    `ended` the last line of its log when it is not restarted any more.
    """

    def __init__(self, main: Path, log: Path, *, mono: Callable[[], float] = time.monotonic) -> None:
        self.moved: Signal[tuple[str, str]] = Signal()
        self.ended: Signal[str] = Signal()
        self.url = ""
        self._main = main
        self._log = log
        self._mono = mono
        self.data: Path | None = None
        self._options: tuple[str, ...] = ()
        self._child: PlatformProcess | None = None
        self._tasks = BackgroundTasks()
        self._watching: asyncio.Task[None] | None = None
        self._deaths: deque[float] = deque(maxlen=RESTARTS)
        self._settled = asyncio.Event()  # it is up again after a death, or will not be restarted

    async def start(self, data: Path, *, demo: bool = True, progress: Callable[[str], None] | None = None) -> str:
        """Starts it and returns its address; `progress` is called with each line of its log.

        Raises Unavailable: platform_ended, platform_slow; data_in_use, read_only, not_a_folder, newer_database,
        database_damaged for the folder.
        """
        self.data, self.url = data, ""
        self._options = ("--data", str(data), *(("--demo",) if demo else ()))
        await self._begin(data, progress)
        self._supervise()
        return self.url

    async def stop(self) -> None:
        """Stops the process and its supervision."""
        await self._tasks.close()
        child, self._child = self._child, None
        if child is not None:
            await child.stop(STOP)

    @property
    def is_up(self) -> bool:
        """Whether it runs and has reported that it is ready."""
        child = self._child
        return child is not None and child.ready.done() and not child.ended.done()

    async def kill(self) -> bool:
        """Kills it as a power cut would and waits for the restart; returns whether it is up again.

        Earlier deaths no longer count towards the limit.
        """
        if self._child is not None and self.is_up and self._is_watched:
            self._deaths.clear()
            self._settled.clear()
            self._child.kill()
            await self._settled.wait()
        return self.is_up and self._is_watched

    @asynccontextmanager
    async def stopped(self) -> AsyncIterator[Path]:
        """Stops it for the length of the block, so that its data folder (yielded) is free; then starts it again.

        Raises Unavailable when it was never started, or does not start again. A cancelled block starts nothing: the
        console is closing.
        """
        if self.data is None:
            raise Unavailable("platform_ended")
        await self._tasks.close()
        if self._child is not None:
            await self._child.stop(STOP)
        is_over = False
        try:
            yield self.data
        except asyncio.CancelledError:
            is_over = True
            raise
        finally:
            if not is_over:
                await self._come_back(self.data)

    @property
    def _is_watched(self) -> bool:
        """Whether it is restarted when it dies."""
        return self._watching is not None and not self._watching.done()

    async def _come_back(self, data: Path) -> None:
        self._deaths.clear()
        await self._begin(data)
        self._supervise()

    async def _begin(self, data: Path, progress: Callable[[str], None] | None = None) -> None:
        """Starts it at its last port, so that others find it again, or at a new one when that is taken."""
        former, port = self.url, urlsplit(self.url).port or _kept_port(data)
        self.url = await self._launch(str(port if _is_free(port) else 0), progress)
        _keep_port(data, urlsplit(self.url).port)
        if former:
            self.moved.emit((former, self.url))

    async def _launch(self, port: str, progress: Callable[[str], None] | None = None) -> str:
        arguments = (str(self._main), "serve", "--port", port, "--with-console", *self._options)
        self._child = child = PlatformProcess(arguments, self._log, said=progress)
        either: set[asyncio.Future[Any]] = {child.ready, child.ended}
        await asyncio.wait(either, timeout=START, return_when=asyncio.FIRST_COMPLETED)
        if child.ready.done():
            return child.ready.result()
        slow = not child.ended.done()
        await child.stop(STOP)
        if child.why in _UNUSABLE:
            raise Unavailable(_UNUSABLE[child.why], str(self.data))
        raise Unavailable("platform_slow" if slow else "platform_ended", child.last_words())

    def _supervise(self) -> None:
        """Supervises the process; the end of the supervision also releases the callers that wait in `kill`."""
        self._watching = self._tasks.run(self._watch(), "watch the embedded platform")
        self._watching.add_done_callback(lambda _: self._settled.set())

    async def _watch(self) -> None:
        """Restarts it each time it dies, unless it dies too often."""
        while self._child is not None and self.data is not None:
            await asyncio.shield(self._child.ended)
            self._deaths.append(self._mono())
            if len(self._deaths) == RESTARTS and self._deaths[-1] - self._deaths[0] < WITHIN:
                break
            await asyncio.sleep(0.2 * len(self._deaths))
            try:
                await self._begin(self.data)
            except Unavailable:
                continue
            self._settled.set()
        if self._child is not None:
            self.ended.emit(self._child.last_words())


def _kept_port(data: Path) -> int:
    """The last port of the platform of `data`; 0 when it is unknown."""
    try:
        return int((data / PORT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0


def _is_free(port: int) -> bool:
    try:
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, _REUSE, 1)
            trial.bind(("127.0.0.1", port))
    except (OSError, OverflowError):
        return False
    return True


def _keep_port(data: Path, port: int | None) -> None:
    with suppress(OSError):  # without the file the next start may use another port
        (data / PORT).write_text(str(port or 0), encoding="utf-8")
