"""A proxy on the loopback that cuts each connection after some bytes: in the middle of a head, a body or a frame."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_LIVES = (200, 60_000)  # bytes until a connection is cut, drawn so that small numbers are as likely as large ones


class CuttingProxy:
    """A proxy with one address, while the platform behind it comes back on other ports.

    `cuts` counts the connections cut after their bytes; none is cut while `is_gentle`.
    """

    def __init__(self, chance: random.Random) -> None:
        self.behind = 0
        self.port = 0
        self.cuts = 0
        self.is_gentle = False
        self._chance = chance
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """The address at which consoles reach the platform."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Aborts the open connections and lets nothing pass until `behind` is a port again."""
        self.behind = 0
        for writer in tuple(self._open):
            writer.transport.abort()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left = [self._life()]
        both = {writer}
        self._open.add(writer)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.behind)
            both.add(back)
            self._open.add(back)
            passing = [asyncio.ensure_future(self._pass(*pair, left)) for pair in ((reader, back), (there, writer))]
            await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
            for task in passing:
                task.cancel()
            await asyncio.gather(*passing, return_exceptions=True)
        except OSError:
            pass
        finally:
            for one in both:
                self._open.discard(one)
                one.transport.abort()

    async def _pass(self, source: asyncio.StreamReader, to: asyncio.StreamWriter, left: list[int]) -> None:
        with suppress(OSError):
            while chunk := await source.read(16_384):
                to.write(chunk[: max(left[0], 0)] if not self.is_gentle else chunk)
                await to.drain()
                left[0] -= len(chunk)
                if left[0] <= 0 and not self.is_gentle:
                    self.cuts += 1
                    return

    def _life(self) -> int:
        least, most = _LIVES
        return int(least * (most / least) ** self._chance.random())


@asynccontextmanager
async def cutting(chance: random.Random) -> AsyncIterator[CuttingProxy]:
    """Yields a listening proxy; set `behind` to the port of the platform."""
    proxy = CuttingProxy(chance)
    server = await asyncio.start_server(proxy._meet, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        proxy.cut()
        await asyncio.sleep(0)
