"""The platform beside this console: started with it, started again when it dies, ended with it."""

import asyncio
import json
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from commandcenter.sync.child import Child
from commandcenter.sync.errands import Errands
from commandcenter.sync.unavailable import Unavailable

START = 180.0  # seconds: the first start makes its district
STOP = 8.0
RESTARTS, WITHIN = 5, 60.0  # so many deaths in so many seconds, and it is left alone
ACCOUNTS = "demo_accounts.json"
PORT = "embedded.port"  # in the platform's folder: where it was last
# On Windows SO_REUSEADDR would share a port that is in use.
_REUSE = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)


class Embedded:
    """`main.py serve --port 0 --with-console` as a subprocess.

    After a restart `moved` hears the address (the same one, if it is still free); `ended` hears the last line of its
    log when it is not started any more.
    """

    def __init__(self, main: Path, log: Path, *, mono: Callable[[], float] = time.monotonic) -> None:
        self.moved: Callable[[str], None] | None = None
        self.ended: Callable[[str], None] | None = None
        self.url = ""
        self._main = main
        self._log = log
        self._mono = mono
        self.data: Path | None = None
        self._options: tuple[str, ...] = ()
        self._child: Child | None = None
        self._errands = Errands()
        self._deaths: deque[float] = deque(maxlen=RESTARTS)

    async def start(self, data: Path, *, demo: bool = True, progress: Callable[[str], None] | None = None) -> str:
        """The address; `progress` hears the lines of its log meanwhile. Unavailable: platform_ended, platform_slow."""
        self.data = data
        self._options = ("--data", str(data), *(("--demo",) if demo else ()))
        self.url = await self._launch(_last_port(data), progress)
        _keep_port(data, urlsplit(self.url).port)
        self._errands.run(self._watch(), "watch the embedded platform")
        return self.url

    async def stop(self) -> None:
        """End it."""
        await self._errands.close()
        child, self._child = self._child, None
        if child is not None:
            await child.stop(STOP)

    async def _launch(self, port: str, progress: Callable[[str], None] | None = None) -> str:
        arguments = (str(self._main), "serve", "--port", port, "--with-console", *self._options)
        self._child = child = Child(arguments, self._log, said=progress)
        either: set[asyncio.Future[Any]] = {child.ready, child.ended}
        await asyncio.wait(either, timeout=START, return_when=asyncio.FIRST_COMPLETED)
        if child.ready.done():
            return child.ready.result()
        slow = not child.ended.done()
        await child.stop(STOP)
        raise Unavailable("platform_slow" if slow else "platform_ended", child.last_words())

    async def _watch(self) -> None:
        """Start it again each time it dies, unless it dies too often."""
        while self._child is not None:
            await asyncio.shield(self._child.ended)
            self._deaths.append(self._mono())
            if len(self._deaths) == RESTARTS and self._deaths[-1] - self._deaths[0] < WITHIN:
                break
            await asyncio.sleep(0.2 * len(self._deaths))
            try:
                self.url = await self._relaunch()
            except Unavailable:
                continue
            if self.moved is not None:
                self.moved(self.url)
        if self.ended is not None and self._child is not None:
            self.ended(self._child.last_words())

    async def _relaunch(self) -> str:
        """At the old address, so that others who have it find it again; at a new one when that is taken."""
        try:
            return await self._launch(str(urlsplit(self.url).port or 0))
        except Unavailable:
            return await self._launch("0")


def _last_port(data: Path) -> str:
    """Where the platform of `data` was last, so that consoles elsewhere find it again; "0" when that is taken."""
    try:
        port = int((data / PORT).read_text(encoding="utf-8"))
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, _REUSE, 1)
            trial.bind(("127.0.0.1", port))
    except (OSError, ValueError, OverflowError):
        return "0"
    return str(port)


def _keep_port(data: Path, port: int | None) -> None:
    with suppress(OSError):  # a folder that takes no file more: the next start is somewhere else
        (data / PORT).write_text(str(port or 0), encoding="utf-8")


def demo_account(data: Path, role: str = "dispatcher", *, user: str | None = None) -> tuple[str, str]:
    """(user, password) of the demonstration's account of `user`, else of that called `role` or the first with that role.

    Unavailable without one.
    """
    try:
        accounts = json.loads((data / ACCOUNTS).read_text(encoding="utf-8"))
        ways = (("user", user),) if user is not None else (("user", role), ("role", role))
        return next((one["user"], one["password"]) for name, who in ways for one in accounts if one[name] == who)
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as wrong:
        raise Unavailable("no_demo_account", user or role) from wrong
