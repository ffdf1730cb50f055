"""Runs a real HTTP server on a free loopback port, for streams and for everything that needs sockets."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Container
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from commandcenter.operations.connection_pool import ConnectionPool
from commandcenter.operations.http_connection import HttpConnection
from commandcenter.operations.http_server import Server, server_config
from commandcenter.operations.listening import ListenOptions, bound_socket
from commandcenter.server.platform import Platform
from tests.kit.platform import Desk

LOOPBACK = ListenOptions("127.0.0.1", 0)


@dataclass(frozen=True, slots=True)
class Heard:
    """One event of a stream."""

    event: str
    id: str
    data: dict[str, Any]


@asynccontextmanager
async def serving(platform: Platform) -> AsyncIterator[httpx.AsyncClient]:
    """Serves the platform on 127.0.0.1; yields an HTTP client with its base URL."""
    async with (
        hosted(platform) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False) as http,
    ):
        yield http


@asynccontextmanager
async def hosted(
    platform: Platform, *, listen: ListenOptions = LOOPBACK, pool: ConnectionPool[HttpConnection] | None = None
) -> AsyncIterator[int]:
    """Serves the platform with the server that `serve` runs; yields the port."""
    ports: asyncio.Queue[int] = asyncio.Queue()
    room = ConnectionPool[HttpConnection](100, per_address=100) if pool is None else pool
    server = Server(server_config(platform, listen), room, on_ready=ports.put_nowait, on_end=platform.publisher.close)
    with bound_socket(listen) as made:
        task = asyncio.get_running_loop().create_task(server._serve([made]))
        try:
            yield await ports.get()
        finally:
            server.should_exit = True
            await task


@asynccontextmanager
async def listening(desk: Desk, cursor: str | None = None) -> AsyncIterator[AsyncIterator[Heard]]:
    """Yields the events of the desk's stream after `cursor`, heartbeats included."""
    headers = desk.headers | ({"Last-Event-ID": cursor} if cursor else {})
    async with desk.http.stream("GET", "/v1/events", headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        async with aclosing(_heard(answer)) as told:
            yield told


async def frames(stream: AsyncIterator[Heard], count: int, *, events: Container[str] = ("put", "evict")) -> list[Heard]:
    """Returns the next `count` of `events`; raises TimeoutError after 60 seconds."""
    found: list[Heard] = []
    async with asyncio.timeout(60):
        async for heard in stream:
            if heard.event in events:
                found.append(heard)
            if len(found) == count:
                break
    return found


async def _heard(answer: httpx.Response) -> AsyncGenerator[Heard, None]:
    event = key = ""
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "event":
            event = value
        elif name == "id":
            key = value
        elif name == "data":
            yield Heard(event, key, json.loads(value))
