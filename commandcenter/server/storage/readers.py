"""Those who only read: in the thread pool, each with a connection of its own and one transaction."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Readers:
    """Reads of one moment: whatever `work` asks, it sees the same state."""

    engine: Engine
    aside: Callable[..., Awaitable[Any]] = asyncio.to_thread

    async def do(self, work: Callable[[Connection], T]) -> T:
        """`work(connection)` in a thread of the pool."""
        found: T = await self.aside(self.now, work)
        return found

    def now(self, work: Callable[[Connection], T]) -> T:
        """The same, in the caller's thread."""
        with self.engine.connect() as connection, connection.begin():
            return work(connection)
