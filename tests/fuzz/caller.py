"""Sends requests to an ASGI application without a socket; a stream is read for a moment and then closed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

STREAM = "text/event-stream"
_CHUNKS = 3  # of a stream that are read
_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Request:
    """A request; `query` and `headers` are pairs, in which a name may be repeated."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def raw_path(self) -> bytes:
        """The percent-encoded path as it is sent."""
        return quote(self.path, safe="/:@!$&'()*+,;=-._~", errors="surrogatepass").encode()


@dataclass(frozen=True, slots=True)
class Heard:
    """A response; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0]


async def call(app: Any, request: Request) -> Heard:
    """Returns the response of `app`; ignores an error that `app` raises, which a server would only log."""
    begun: dict[str, Any] = {}
    chunks: list[bytes] = []
    enough = asyncio.Event()
    sent = False

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if not sent:
            sent = True
            return {"type": "http.request", "body": request.body, "more_body": False}
        await enough.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            begun.update(message)
            return
        chunks.append(message.get("body", b""))
        if not message.get("more_body") or (len(chunks) >= _CHUNKS and _is_stream(begun)):
            enough.set()

    async with asyncio.timeout(_SECONDS):
        answering = asyncio.ensure_future(_quietly(app(_scope(request), receive, send)))
        if request.path.endswith("/events"):  # it never ends by itself, and may send nothing more
            await asyncio.wait({answering}, timeout=0.05)
            enough.set()
        await answering
    assert begun, f"no answer at all to {request}"
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in begun["headers"]}
    return Heard(begun["status"], headers, b"".join(chunks))


async def _quietly(answering: Any) -> None:
    try:
        await answering
    except Exception:
        return  # the 500 was sent before and is judged


def _is_stream(begun: dict[str, Any]) -> bool:
    return any(value.startswith(STREAM.encode()) for _, value in begun.get("headers", ()))


def _scope(request: Request) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.path,
        "raw_path": request.raw_path,
        "root_path": "",
        "query_string": _query(request.query),
        "headers": [(name.encode(), value.encode("latin-1", "replace")) for name, value in request.headers],
        "client": ("127.0.0.1", 9),
        "server": ("platform", 80),
    }


def _query(pairs: Sequence[tuple[str, str]]) -> bytes:
    return "&".join(f"{quote(n, safe='')}={quote(v, safe='', errors='surrogatepass')}" for n, v in pairs).encode()
