"""Runs a platform: the server on its socket, the periodic work, an optional plug-in, and an orderly end."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import uvicorn

from commandcenter.operations.connection_pool import ConnectionPool, capacity
from commandcenter.operations.http_connection import KEEP_ALIVE, HttpConnection
from commandcenter.operations.listening import ListenOptions
from commandcenter.operations.parent_process import when_parent_ends
from commandcenter.operations.signals import signals_handled
from commandcenter.operations.tls_connection import TlsConnection
from commandcenter.server.app import create_app
from commandcenter.server.auth.networks import address_forms
from commandcenter.server.platform import Platform
from commandcenter.server.schedule import revoke_ended_sign_ins, trim_periodically

_log = logging.getLogger(__name__)
_GRACE = 5  # seconds for the requests that are under way at the end
_AT_ONCE = 32  # connections that are accepted before any of them is counted
_QUEUE = 1024  # connections that wait in the operating system until they are accepted
_LOOK = 10  # ticks of uvicorn, 0.1 s each, between two checks of all connections

Work = Callable[[str, asyncio.Event], Awaitable[None]]


class Plugin(Protocol):
    """What may be added to a platform: a module with these functions."""

    def fill(self, data: Path) -> None:
        """Creates a database in `data`, which has none."""

    async def prepare(self, platform: Platform) -> Work | None:
        """Returns what runs beside the server, given the server's URL and the event that ends it; None for nothing."""


class Server(uvicorn.Server):
    """uvicorn, which calls `on_ready(port)` once it accepts, and `on_end()` before it waits for connections to close.

    It holds as many connections as `pool` admits, and drops those whose clients take too long.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        pool: ConnectionPool[HttpConnection],
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
        """Starts accepting, then calls `on_ready`."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_fault_in_loop)
        for made in sockets or ():
            self.servers.append(await loop.create_server(self._connection, sock=made, backlog=_AT_ONCE))
            made.listen(_QUEUE)
        self.started = True
        if sockets:
            self._on_ready(sockets[0].getsockname()[1])

    async def on_tick(self, counter: int) -> bool:
        """Drops overdue connections about once a second."""
        if counter % _LOOK == 0:
            self._pool.drop_overdue(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    def _connection(self) -> HttpConnection:
        made: dict[str, Any] = {"config": self.config, "server_state": self.server_state, "app_state": {}}
        context = self.config.ssl
        return TlsConnection(context, pool=self._pool, **made) if context else HttpConnection(self._pool, **made)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Makes signals end the server and nothing else, so that what was opened around it is closed in order."""
        with signals_handled(self.handle_exit):
            yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Calls `on_end`, then shuts down."""
        self._on_end()
        await super().shutdown(sockets)


async def run(
    platform: Platform, listen: ListenOptions, made: socket.socket, *, plugin: Plugin | None, with_console: bool
) -> BaseException | None:
    """Serves until a signal, the end of standard input (`with_console`) or the writer's death; returns its error."""
    added = await plugin.prepare(platform) if plugin else None
    urls: asyncio.Queue[str] = asyncio.Queue()
    stop = asyncio.Event()

    def on_ready(port: int) -> None:
        print(f"ready {listen.url(port)}", flush=True)
        urls.put_nowait(listen.url(port))

    def on_end() -> None:
        stop.set()
        platform.publisher.close()

    pool = connection_pool(listen)
    server = Server(server_config(platform, listen), pool, on_ready=on_ready, on_end=on_end)
    deaths = _end_with_writer(server, platform)
    if with_console:
        when_parent_ends(partial(setattr, server, "should_exit", True))

    async def work() -> None:
        if added is not None:
            await added(await urls.get(), stop)

    async with _beside(trim_periodically(platform), revoke_ended_sign_ins(platform), work()):
        await server.serve(sockets=[made])
    return deaths[0] if deaths else None


def connection_pool(listen: ListenOptions) -> ConnectionPool[HttpConnection]:
    """Returns a pool of as many connections as this process may hold; half of them for one address that is no proxy."""
    most = capacity()
    return ConnectionPool(most, per_address=max(1, most // 2), shared=listen.proxies)


def server_config(platform: Platform, listen: ListenOptions) -> uvicorn.Config:
    """Returns uvicorn's configuration for `platform`; only named proxies are believed about a client's address."""
    return uvicorn.Config(
        create_app(platform, listen.exposure()),
        loop="asyncio",
        http="httptools",
        ws="none",
        lifespan="off",
        proxy_headers=bool(listen.proxies),
        forwarded_allow_ips=[form for proxy in listen.proxies for form in address_forms(proxy)],
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
        ssl_certfile=listen.certificate,
        ssl_keyfile=listen.key,
    )


def _end_with_writer(server: uvicorn.Server, platform: Platform) -> list[BaseException]:
    """Ends the server when the writer dies; the returned list then holds the error."""
    deaths: list[BaseException] = []

    def end(error: BaseException) -> None:
        deaths.append(error)
        server.should_exit = True

    platform.writer.on_death = end
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
    """Logs an error while accepting, such as no room for another connection, in one line; accepting is tried again."""
    fault = context.get("exception")
    if isinstance(fault, OSError) and "accept" in str(context.get("message")):
        _log.error("no connection is accepted now: %s", fault.strerror)
    else:
        loop.default_exception_handler(context)


def _report(task: "asyncio.Future[None]") -> None:
    if not task.cancelled() and task.exception() is not None:
        _log.error("a part of the platform ended in an error", exc_info=task.exception())
