"""A proxy before the real platform: it passes requests on, or answers them itself, byte by byte."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass

Bytes = Callable[["Asked"], AsyncIterator[bytes]]
_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it arrived.

    `truth` is the real platform's response, fetched only for a false answer, and never for streams and commands.
    """

    method: str
    path: str
    head: bytes
    body: bytes
    truth: bytes = b""

    @property
    def says(self) -> bytes:
        """The body of the real response."""
        return self.truth.partition(b"\r\n\r\n")[2]


class Front:
    """A proxy whose false answers (`lies`) go one by one to requests for paths below `lied_about`; after the last, 503.

    `is_asked_again`: there was a request after the last of them, so the console has handled it. `closed` are paths
    that get a gateway's 503; `instead` are responses by path, which make the console request the path lied about.
    """

    def __init__(self) -> None:
        self.behind = 0
        self.port = 0
        self.lied_about = ""
        self.lies: deque[Bytes] = deque()
        self.closed: set[str] = set()
        self.instead: dict[str, bytes] = {}
        self.is_asked_again = False
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """The address at which it listens."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Aborts every open connection."""
        for writer in tuple(self._open):
            writer.transport.abort()

    def lie(self, path: str, lies: Iterable[Bytes], instead: Mapping[str, bytes]) -> None:
        """From now on gives `lies` as answers for `path`, and `instead` for the paths that lead a console to it."""
        self.lied_about, self.instead, self.is_asked_again = path, dict(instead), False
        self.lies.extend(lies)

    def honest(self) -> None:
        """From now on only passes requests on."""
        self.lied_about = ""
        self.lies.clear()
        self.closed.clear()
        self.instead.clear()

    def come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves a new connection, which carries one request."""
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Aborts all connections and waits until their tasks have ended."""
        self.cut()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            with suppress(OSError, EOFError, asyncio.IncompleteReadError):
                await self._answer(await _asked(reader), writer)
                await writer.drain()
        finally:
            self._open.discard(writer)
            writer.close()

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        if self.lied_about and asked.path.startswith(self.lied_about):
            if not self.lies:
                self.is_asked_again = True
                writer.write(_BUSY)
                return
            lie = self.lies.popleft()
            if asked.path != "/v1/events" and asked.path != "/v1/commands":
                asked = Asked(asked.method, asked.path, asked.head, asked.body, await self._truth(asked))
            await _write(lie(asked), writer)
        elif asked.path in self.instead:
            writer.write(self.instead[asked.path])
        elif asked.path in self.closed:
            writer.write(_BUSY)
        else:
            await _write(self._behind(asked), writer)

    async def _truth(self, asked: Asked) -> bytes:
        return b"".join([chunk async for chunk in self._behind(asked)])

    async def _behind(self, asked: Asked) -> AsyncIterator[bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.behind)
        try:
            writer.write(asked.head.replace(b"\r\n", b"\r\nConnection: close\r\n", 1) + asked.body)
            while chunk := await reader.read(1 << 16):
                yield chunk
        finally:
            writer.close()


async def _write(chunks: AsyncIterator[bytes], writer: asyncio.StreamWriter) -> None:
    async with aclosing(chunks) as coming:  # type: ignore[type-var]
        async for chunk in coming:
            writer.write(chunk)
            await writer.drain()


async def _asked(reader: asyncio.StreamReader) -> Asked:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    sizes = [line for line in lines if line.lower().startswith(b"content-length:")]
    body = await reader.readexactly(int(sizes[0].partition(b":")[2])) if sizes else b""
    method, target, _ = lines[0].decode("latin-1").split(" ")
    return Asked(method, target.partition("?")[0], b"\r\n".join(lines), body)


@asynccontextmanager
async def fronting(behind: int) -> AsyncIterator[Front]:
    """Yields a listening proxy for the platform on the port `behind`."""
    front = Front()
    front.behind = behind
    server = await asyncio.start_server(front.come, "127.0.0.1", 0, limit=1 << 22)
    front.port = server.sockets[0].getsockname()[1]
    try:
        yield front
    finally:
        server.close()
        await front.close()
