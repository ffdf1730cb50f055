"""The platform beside this console: started with it, started again when it dies, ended with it."""

import asyncio
import json
import socket
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.platform_process import PlatformProcess
from commandcenter.sync.unavailable import Unavailable

START = 180.0  # seconds: the first start makes its district
STOP = 8.0
RESTARTS, WITHIN = 5, 60.0  # so many deaths in so many seconds, and it is left alone
ACCOUNTS = "demo_accounts.json"
PORT = "embedded.port"  # in the platform's folder: where it was last
# On Windows SO_REUSEADDR would share a port that is in use.
_REUSE = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
NEAR = 4  # account names that are told when somebody asks for one that there is not
_UNUSABLE = {  # why the platform cannot use its folder → the fault that a screen has words for
    "held": "data_in_use",
    "read_only": "read_only",
    "not_a_folder": "not_a_folder",
    "newer": "newer_database",
    "corrupt": "database_damaged",
}


class EmbeddedPlatform:
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
        self._child: PlatformProcess | None = None
        self._tasks = BackgroundTasks()
        self._watching: asyncio.Task[None] | None = None
        self._deaths: deque[float] = deque(maxlen=RESTARTS)
        self._settled = asyncio.Event()  # it is up again after a death, or is started no more

    async def start(self, data: Path, *, demo: bool = True, progress: Callable[[str], None] | None = None) -> str:
        """The address; `progress` hears the lines of its log meanwhile.

        Unavailable: platform_ended, platform_slow; data_in_use, read_only, not_a_folder, newer_database,
        database_damaged for the folder.
        """
        self.data, self.url = data, ""
        self._options = ("--data", str(data), *(("--demo",) if demo else ()))
        await self._begin(data, progress)
        self._look_after()
        return self.url

    async def stop(self) -> None:
        """End it."""
        await self._tasks.close()
        child, self._child = self._child, None
        if child is not None:
            await child.stop(STOP)

    @property
    def is_up(self) -> bool:
        """Whether it runs and answers."""
        child = self._child
        return child is not None and child.ready.done() and not child.ended.done()

    async def kill(self) -> bool:
        """End it as a power cut would; whether it is up again. A death that was wished for is not counted."""
        if self._child is not None and self.is_up and self._is_watched:
            self._deaths.clear()
            self._settled.clear()
            self._child.kill()
            await self._settled.wait()
        return self.is_up and self._is_watched

    @asynccontextmanager
    async def standing_still(self) -> AsyncIterator[Path]:
        """Ended for the length of the block, its data folder free meanwhile; then started again, whatever happened.

        Unavailable when it does not come up again. A console that ends meanwhile starts nothing any more.
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
        """Whether it would be started again."""
        return self._watching is not None and not self._watching.done()

    async def _come_back(self, data: Path) -> None:
        self._deaths.clear()
        await self._begin(data)
        self._look_after()
        if self.moved is not None:
            self.moved(self.url)

    async def _begin(self, data: Path, progress: Callable[[str], None] | None = None) -> None:
        """At the address where it was last, so that others who have it find it again; at a new one when it is taken."""
        port = urlsplit(self.url).port or _kept_port(data)
        self.url = await self._launch(str(port if _is_free(port) else 0), progress)
        _keep_port(data, urlsplit(self.url).port)

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

    def _look_after(self) -> None:
        """Watch it; who waits for it to be settled does not wait for one that nobody watches any more."""
        self._watching = self._tasks.run(self._watch(), "watch the embedded platform")
        self._watching.add_done_callback(lambda _: self._settled.set())

    async def _watch(self) -> None:
        """Start it again each time it dies, unless it dies too often."""
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
            if self.moved is not None:
                self.moved(self.url)
        if self.ended is not None and self._child is not None:
            self.ended(self._child.last_words())


def _kept_port(data: Path) -> int:
    """Where the platform of `data` was last; 0 when nobody knows."""
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
    with suppress(OSError):  # a folder that takes no file more: the next start is somewhere else
        (data / PORT).write_text(str(port or 0), encoding="utf-8")


def has_demonstration(data: Path) -> bool:
    """Whether the platform of `data` plays the demonstration: it writes its accounts, which a hall has not."""
    return (data / ACCOUNTS).is_file()


def demo_account(data: Path, who: str = "dispatcher") -> tuple[str, str]:
    """(user, password) of the demonstration's account called `who`, or of its first with that role.

    Unavailable (no_demo_accounts) without any, (no_demo_account) with what there is when nobody is called so.
    """
    try:
        accounts = json.loads((data / ACCOUNTS).read_text(encoding="utf-8"))
        known = [(one["user"], one["role"], one["password"]) for one in accounts]
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise Unavailable("no_demo_accounts", str(data / ACCOUNTS)) from wrong
    named = [(user, password) for user, _, password in known if user == who]
    fitting = named or [(user, password) for user, role, password in known if role == who]
    if not fitting:
        raise Unavailable("no_demo_account", f"{who} ({_there(who, known)})")
    return fitting[0]


def _there(who: str, known: list[tuple[str, str, str]]) -> str:
    """Every role, the accounts whose names are most alike, and how many more there are."""
    roles = dict.fromkeys(role for _, role, _ in known)
    users = [user for user, _, _ in known if user not in roles]
    near = get_close_matches(who, users, n=NEAR, cutoff=0.0)
    more = [f"… {len(known)} in {ACCOUNTS}"] if len(users) > len(near) else []
    return ", ".join([*roles, *near, *more])
