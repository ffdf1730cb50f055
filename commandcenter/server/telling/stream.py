"""One subscriber's stream: server-sent events from a cursor on, without a gap, until token, scope or platform end."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import Connection
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from commandcenter.protocol.codec import encode
from commandcenter.protocol.frames import Bye, Heartbeat, ScopeMoved
from commandcenter.server.entry import roles
from commandcenter.server.entry.held import Held
from commandcenter.server.entry.seats import Seat
from commandcenter.server.keeping import eventlog, lineage
from commandcenter.server.platform import Platform
from commandcenter.server.telling.frames import Told, sse, sse_unnumbered
from commandcenter.server.telling.publish import Bell, Newest

T = TypeVar("T")
HEARTBEAT = 10.0  # seconds
DIGEST = 60.0
BATCH = 0.05  # under load the stream speaks twenty times a second
_PATIENCE = 20.0  # a subscriber that takes nothing for so long is dropped
_AT_ONCE = 500  # entries read from the log at a time
RETRY = 1.0
TOO_MANY, MADE_ROOM = (
    "too_many_streams",
    60.0,
)  # why one ends, and when it may come back: none fight for a place


@dataclass(frozen=True, slots=True)
class Start:
    """Where a stream begins: for whom, the cursor it resumes from, the district's head, the last visible sequence."""

    held: Held
    epoch: int
    cursor: int
    head: int
    visible: int


class EventStream(Response):
    """The stream as a plain ASGI endpoint: a frame's bytes are shared, only the head is each one's own.

    `refuse` raises Trouble when there is no place for one more. It is asked as the stream takes its place, in the same
    turn of the loop: many may have found room before that, while each of them was reading where it begins.
    """

    media_type = "text/event-stream"

    def __init__(self, platform: Platform, seat: Seat, start: Start, *, refuse: Callable[[], None]) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._platform = platform
        self._seat = seat
        self._start = start
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Speak until somebody ends it; Trouble, before anything is sent, when there is no place for it."""
        district = self._start.held.scope.district
        self._refuse()
        newest, bell = self._platform.publisher.listen(district, self._start.head, self._seat.user)
        subscriber = Subscriber(self._platform, self._seat, self._start, newest, bell, send)
        watch, is_cut = asyncio.ensure_future(_watch(receive, subscriber)), False
        try:
            self._platform.lane.submit(_nothing)  # its commit hands over what was written since the cursor was read
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await subscriber.speak()
        except (TimeoutError, OSError):
            is_cut = True  # too slow, or gone: it comes back with its cursor
        finally:
            watch.cancel()
            self._platform.publisher.leave(district, bell)
        if is_cut:  # ends when the client reads again, or when the connection is dropped
            await send({"type": "http.response.body", "body": b"", "more_body": False})


class Subscriber:
    """How far one subscriber is: `_at` the last sequence looked at, `_prev` the last it was told of."""

    def __init__(self, platform: Platform, seat: Seat, start: Start, newest: Newest, bell: Bell, send: Send) -> None:
        self.is_gone = False
        self.bell = bell
        self._platform = platform
        self._seat = seat
        self._held = start.held
        self._epoch = start.epoch
        self._issuer = platform.cursor_tokens.issuer(start.held.scope.district, start.epoch)
        self._newest = newest
        self._send = send
        self._at = self._prev = start.cursor
        self._visible = start.visible
        self._mono = platform.mono
        self._spoke = self._beat = self._digested = self._mono()

    async def speak(self) -> None:
        """All frames from the cursor on, heartbeats between them; scope or bye at the end."""
        await self._put(sse_unnumbered("hb", encode(self._heartbeat(None))))
        while not self.is_gone and self._platform.seats.holds(self._seat):
            self.bell.rung.clear()
            if self._platform.publisher.is_closing:
                await self._put(sse_unnumbered("bye", encode(Bye(RETRY))))
                break
            if self.bell.has_to_go:
                await self._put(sse_unnumbered("bye", encode(Bye(MADE_ROOM, TOO_MANY))))
                break
            if self._may_have_moved() and await self._has_moved():
                break
            await self._frames()
            await self._heartbeat_if_due()
            await self._wait()
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    def _may_have_moved(self) -> bool:
        """Somebody changed what the user is, or the span that holds has come to its end."""
        until = self._held.until
        return self.bell.has_moved or (until is not None and self._platform.now() >= until)

    async def _has_moved(self) -> bool:
        """Look who the user is now; if that is another one, it is said, and nothing more: hello comes next.

        So it is where the log has begun another epoch.
        """
        self.bell.has_moved = False
        user, now, district = self._seat.user, self._platform.now(), self._held.scope.district

        def look(connection: Connection) -> tuple[int, roles.Roles | None]:
            return lineage.line_of(connection, district).epoch, roles.of(connection, user, now)

        epoch, known = await self._platform.readers.do(look)
        if epoch != self._epoch:
            await self._put(sse_unnumbered("bye", encode(Bye(RETRY))))
            return True
        span = None if known is None else known.at(now)
        version = 0 if known is None else known.version(now)
        if span is None or version != self._held.scope_ver:
            await self._put(sse_unnumbered("scope", encode(ScopeMoved(version))))
            return True
        self._held = replace(self._held, until=span.until)  # its end may have been set or moved
        return False

    async def _frames(self) -> None:
        while not (self.bell.has_to_go or self._may_have_moved()) and (told := await self._next()):
            chunk = b"".join(self._bytes(one) for one in told)
            self._at = max(self._at, told[-1].entry.seq)
            if chunk:
                await self._put(chunk)

    async def _next(self) -> list[Told]:
        at_hand = self._newest.after(self._at)
        if at_hand is not None:
            return at_hand[:_AT_ONCE]
        scope, after, base = self._held.scope, self._at, self._newest.base
        entries = await self._read(lambda connection: eventlog.read(connection, scope, after=after, limit=_AT_ONCE))
        if entries is None:
            return []
        if not entries:
            self._at = max(self._at, base)  # nothing visible up to there
            return self._newest.after(self._at) or []
        return [Told(entry) for entry in entries]

    async def _read(self, look: Callable[[Connection], T]) -> T | None:
        """What `look` finds as long as the user is, at that very moment, who they were; None when they are not."""

        def same(connection: Connection) -> T | None:
            now = self._platform.now()
            known = roles.of(connection, self._seat.user, now)
            is_same = known is not None and known.version(now) == self._held.scope_ver
            return look(connection) if is_same else None

        found = await self._platform.readers.do(same)
        if found is None:
            self.bell.has_moved = True
            self.bell.rung.set()
        return found

    def _bytes(self, told: Told) -> bytes:
        frame = told.frame(self._held.person, self._prev, self._issuer)
        if frame is None or told.entry.seq <= self._at:
            return b""
        self._prev = self._visible = told.entry.seq
        self._platform.publisher.sent += 1
        return sse(self._epoch, told.entry.seq, *frame)

    async def _heartbeat_if_due(self) -> None:
        now = self._mono()
        if now - self._beat < HEARTBEAT:
            return
        self._beat = now
        digest = await self._digest() if now - self._digested >= DIGEST else None
        await self._put(sse_unnumbered("hb", encode(self._heartbeat(digest))))

    async def _digest(self) -> str | None:
        scope, digests = self._held.scope, self._platform.digests
        found = await self._read(lambda connection: digests.now(connection, scope))
        if found is None:
            return None
        head, digest = found
        while self._at < head and not self._may_have_moved() and (told := await self._next()):
            chunk = b"".join(self._bytes(one) for one in told if one.entry.seq <= head)
            self._at = min(max(self._at, told[-1].entry.seq), head)
            if chunk:
                await self._put(chunk)
        if self._at != head:
            return None  # it moved on meanwhile: next time
        self._digested = self._mono()
        return digest

    def _heartbeat(self, digest: str | None) -> Heartbeat:
        now, version = self._platform.now(), self._held.scope_ver
        return Heartbeat(head=self._visible, now=now, digest=digest, scope_ver=version)

    async def _wait(self) -> None:
        ends = min(self._seat.expires_at, self._held.until or self._seat.expires_at)
        left = (ends - self._platform.now()).total_seconds() + 0.01
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, min(self._beat + HEARTBEAT - self._mono(), left))):
                await self.bell.rung.wait()
        await asyncio.sleep(max(0.0, self._spoke + BATCH - self._mono()))

    async def _put(self, chunk: bytes) -> None:
        async with asyncio.timeout(_PATIENCE):
            await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
        self._spoke = self._mono()


def _nothing(connection: Connection) -> None:
    """A job that writes nothing."""


async def _watch(receive: Receive, subscriber: Subscriber) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscriber.is_gone = True
    subscriber.bell.rung.set()
