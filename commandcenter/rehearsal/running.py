"""A platform at work: the server on its socket, the hourly trimming, the demonstration's shift, and an orderly end."""

import asyncio
import logging
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import uvicorn

from commandcenter.rehearsal import shift
from commandcenter.rehearsal.accounts import demo_accounts, is_a_halls, write_accounts
from commandcenter.rehearsal.connection import KEEP_ALIVE, Connection
from commandcenter.rehearsal.connection_pool import ConnectionPool, capacity
from commandcenter.rehearsal.listening import Doorway
from commandcenter.rehearsal.secure_connection import SecureConnection
from commandcenter.rehearsal.shift_accounts import shift_accounts
from commandcenter.server.app import create_app
from commandcenter.server.entry.networks import forms_of
from commandcenter.server.platform import Platform
from commandcenter.server.schedule import keep_signed_in, keep_trim

_log = logging.getLogger(__name__)
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]
_GRACE = 5  # seconds for requests that are under way at the end
_AT_ONCE = 32  # connections that are accepted before any of them is counted
_QUEUE = 1024  # connections that wait in the system until they are accepted
_LOOK = 10  # ticks of uvicorn, a tenth of a second each, between two looks at all connections


class Server(uvicorn.Server):
    """uvicorn that tells `on_ready(port)` once it accepts, and `on_end()` before it waits for connections to close.

    It holds as many connections as `pool` lets in, and drops those whose clients take too long.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        pool: ConnectionPool[Connection],
        *,
        on_ready: Callable[[int], None],
        on_end: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self.servers = []
        self._pool = pool
        self._on_ready = on_ready
        self._on_end = on_end

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept, then tell."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_fault_in_loop)
        for made in sockets or ():
            self.servers.append(await loop.create_server(self._connection, sock=made, backlog=_AT_ONCE))
            made.listen(_QUEUE)
        self.started = True
        if sockets:
            self._on_ready(sockets[0].getsockname()[1])

    async def on_tick(self, counter: int) -> bool:
        """Look at the connections now and then."""
        if counter % _LOOK == 0:
            self._pool.drop_overdue(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    def _connection(self) -> Connection:
        made: dict[str, Any] = {"config": self.config, "server_state": self.server_state, "app_state": {}}
        context = self.config.ssl
        return SecureConnection(context, pool=self._pool, **made) if context else Connection(self._pool, **made)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals end the server and nothing else: what was opened around it is closed in order."""
        before = {number: signal.signal(number, self.handle_exit) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell, then end."""
        self._on_end()
        await super().shutdown(sockets)


async def run(
    platform: Platform,
    doorway: Doorway,
    made: socket.socket,
    *,
    demo: bool,
    with_console: bool,
) -> BaseException | None:
    """Serve until a signal, the end of standard input (`with_console`) or the writer's death, which is given."""
    demo = demo and not await _is_a_halls(platform)
    hands = await _hands(platform) if demo else []
    urls: asyncio.Queue[str] = asyncio.Queue()
    stop = asyncio.Event()

    def on_ready(port: int) -> None:
        print(f"ready {doorway.url(port)}", flush=True)
        urls.put_nowait(doorway.url(port))

    def on_end() -> None:
        stop.set()
        platform.publisher.close()

    pool = connection_pool(doorway)
    server = Server(server_config(platform, doorway), pool, on_ready=on_ready, on_end=on_end)
    deaths = _end_with_writer(server, platform)
    if with_console:
        _end_with_input(server)

    async def play() -> None:
        await shift.run(await urls.get(), hands, stop=stop)

    async with _beside(keep_trim(platform), keep_signed_in(platform), *([play()] if demo else [])):
        await server.serve(sockets=[made])
    return deaths[0] if deaths else None


async def _is_a_halls(platform: Platform) -> bool:
    """A hall's own database is served as it is, and that is said."""
    told = await platform.lane.do(is_a_halls)
    if told:
        _log.warning("%s holds a hall's own accounts: no seats and no shift of a demonstration", platform.data)
    return told


async def _hands(platform: Platform) -> list[dict[str, Any]]:
    """Whom the demonstration's shift works as: the written seats, and hands for every holder without one."""
    accounts = await platform.lane.do(demo_accounts)
    _log.info("accounts of the demonstration: %s", write_accounts(platform.data, accounts))
    if not accounts:
        _log.warning("there is no district in %s: nobody can sign in; take a --data without a database", platform.data)
    return accounts + await platform.lane.do(lambda connection: shift_accounts(connection, shift.district_id()))


def connection_pool(doorway: Doorway) -> ConnectionPool[Connection]:
    """Room for as many connections as this process may have; half of them for one address that is no proxy."""
    most = capacity()
    return ConnectionPool(most, per_address=max(1, most // 2), shared=doorway.proxies)


def server_config(platform: Platform, doorway: Doorway) -> uvicorn.Config:
    """How uvicorn serves `platform`: whom a request comes from is believed to a named proxy alone."""
    return uvicorn.Config(
        create_app(platform, doorway.exposure()),
        loop="asyncio",
        http="httptools",
        ws="none",
        lifespan="off",
        proxy_headers=bool(doorway.proxies),
        forwarded_allow_ips=[form for proxy in doorway.proxies for form in forms_of(proxy)],
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
        ssl_certfile=doorway.certificate,
        ssl_keyfile=doorway.key,
    )


def _end_with_input(server: uvicorn.Server) -> None:
    """The console that started the platform holds its standard input open; when it dies, that ends."""

    def wait() -> None:
        with suppress(OSError, ValueError):
            while sys.stdin.buffer.read(4096):
                pass
        server.should_exit = True

    threading.Thread(target=wait, name="console", daemon=True).start()


def _end_with_writer(server: uvicorn.Server, platform: Platform) -> list[BaseException]:
    """Without its writer the platform is none: it ends, and whoever waits for it learns why from the list."""
    deaths: list[BaseException] = []

    def end(error: BaseException) -> None:
        deaths.append(error)
        server.should_exit = True

    platform.lane.on_death = end
    return deaths


@asynccontextmanager
async def _beside(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(work) for work in works]
    for task in tasks:
        task.add_done_callback(_report)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _fault_in_loop(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A system without room for another connection is the world's fault: a line, and it is tried again."""
    fault = context.get("exception")
    if isinstance(fault, OSError) and "accept" in str(context.get("message")):
        _log.error("no connection is accepted now: %s", fault.strerror)
    else:
        loop.default_exception_handler(context)


def _report(task: "asyncio.Future[None]") -> None:
    if not task.cancelled() and task.exception() is not None:
        _log.error("a part of the platform ended in an error", exc_info=task.exception())
