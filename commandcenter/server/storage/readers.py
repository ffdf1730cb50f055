"""Read access to the database: each read runs in the thread pool, on its own connection and in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Readers:
    """Runs reads: all queries of one read see the same state of the database.

    `aside` runs a function off the event loop.
    """

    engine: Engine
    aside: Callable[..., Awaitable[Any]] = asyncio.to_thread

    async def do(self, work: Callable[[Connection], T]) -> T:
        """Returns `work(connection)`, run in a thread of the pool."""
        found: T = await self.aside(self.now, work)
        return found

    def now(self, work: Callable[[Connection], T]) -> T:
        """Returns `work(connection)`, run in the caller's thread."""
        with self.engine.connect() as connection, connection.begin():
            return work(connection)
