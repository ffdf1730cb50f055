"""An HTTP connection of uvicorn with limits of its own for what a client sends and for how it reads."""

import math
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from commandcenter.operations.connection_pool import ConnectionPool
from commandcenter.protocol.codec import encode
from commandcenter.protocol.media import PROBLEM
from commandcenter.protocol.problems import problem

FIRST_BYTE = 10.0  # seconds for a TLS handshake, and from there or from the connection to the first byte
HEAD = 20.0  # seconds from the first byte of a request to the end of its head
BODY = 60.0  # seconds from there to the end of its body: the routes answer a slow one with 408 before that
KEEP_ALIVE = 30  # seconds without a request
UNREAD = 20.0  # seconds in which a client has to read something of its answer
LINGER = 2.0  # seconds that a client has for reading why it was refused, or for ending TLS
HEAD_MOST = 32 * 1024  # bytes of a request besides its body
_PIPELINED = 16  # requests that may wait behind the one being answered
_STEP = 16 * 1024  # bytes that count as having read something


def _too_long() -> bytes:
    said = encode(problem(431, "head_too_long", "The head of the request is longer than 32 kB."))
    head = f"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Type: {PROBLEM}\r\n"
    return f"{head}Content-Length: {len(said)}\r\nConnection: close\r\n\r\n".encode() + said


_TOO_LONG = _too_long()


class TooLong(Exception):
    """Stops the parser when a request is refused at its head."""


class HttpConnection(HttpToolsProtocol):
    """A connection in a pool; the pool drops those that are `overdue`, so that no request needs a timer."""

    def __init__(self, pool: "ConnectionPool[HttpConnection]", **of_uvicorn: Any) -> None:
        super().__init__(**of_uvicorn)
        self._pool = pool
        self._due = math.inf  # the loop's time by which the client must have sent the next part
        self._is_sending = False  # the client has begun a request and not ended it
        self._is_refused = False
        self._beside_body = 0  # bytes of this request so far that are not of its body
        self._unread, self._unread_since = 0, 0.0

    def connection_made(self, transport: Any) -> None:
        """Enters the pool, or closes the connection when there is no room."""
        self.start_http(transport)
        if not self._pool.enter(self, self.client[0] if self.client else ""):
            self.drop()

    def start_http(self, transport: Any) -> None:
        """Starts HTTP over `transport`; from now on the client has its time for the first byte."""
        super().connection_made(transport)
        self._due = self.loop.time() + FIRST_BYTE

    def connection_lost(self, exc: Exception | None) -> None:
        """Leaves the pool."""
        self._pool.leave(self)
        super().connection_lost(exc)

    def drop(self) -> None:
        """Closes it at once, whatever it was doing."""
        self.transport.abort()

    def overdue(self, now: float) -> bool:
        """Returns whether its client has exceeded its time for a request or for reading, at the loop's time `now`."""
        return now > self._due or self._has_stopped_reading(now)

    def data_received(self, data: bytes) -> None:
        """Parses what has arrived; refuses a request with too many bytes besides its body."""
        if self._is_refused:
            return  # the connection stays open only until the client has read the refusal
        if not self._is_sending:
            self._is_sending, self._due = True, self.loop.time() + HEAD
        self._beside_body += len(data)
        super().data_received(data)
        if self._beside_body > HEAD_MOST:
            self._refuse()

    def on_message_begin(self) -> None:
        """Starts the time for a request, also for one that arrives directly behind another."""
        super().on_message_begin()
        if not self._is_sending:
            self._is_sending, self._due = True, self.loop.time() + HEAD

    def on_headers_complete(self) -> None:
        """Refuses a head that is too long, or one pipelined request too many, before any of the body is read."""
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > HEAD_MOST or len(self.pipeline) >= _PIPELINED:
            self._refuse()
            raise TooLong
        self._due = self.loop.time() + BODY
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Passes on a piece of the body, whose size the routes limit."""
        self._beside_body -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Records that the request is complete: now the client waits for the platform."""
        super().on_message_complete()
        self._is_sending, self._beside_body, self._due = False, 0, math.inf
        if not self.cycle.response_complete:
            self._pool.works(self)

    def on_response_complete(self) -> None:
        """Records that the answer is written: without another whole request it can be closed to make room."""
        has_more = any(not cycle.more_body for cycle, _ in self.pipeline)
        super().on_response_complete()
        if not has_more:
            self._pool.waits(self)

    def resume_writing(self) -> None:
        """Records that the client has read most of what was written."""
        self._unread_since = self.loop.time()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Answers what is not HTTP, unless the request was refused already."""
        if not self._is_refused:
            super().send_400_response(msg)

    def _refuse(self) -> None:
        """Answers 431 and reads nothing more; closing at once could lose the answer."""
        if self._is_refused:
            return
        self._is_refused, self._due = True, self.loop.time() + LINGER
        if self.cycle is not None and not self.cycle.response_complete:
            self.drop()  # the 431 cannot be sent in the middle of another answer
            return
        self.transport.write(_TOO_LONG)
        end = self.transport.write_eof if self.transport.can_write_eof() else self.transport.close
        end()

    def _has_stopped_reading(self, now: float) -> bool:
        size = self.transport.get_write_buffer_size()
        if size == 0 or size > self._unread or size <= self._unread - _STEP:
            self._unread, self._unread_since = size, now
        return now - self._unread_since > UNREAD
