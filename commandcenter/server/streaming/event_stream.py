"""Streams server-sent events to one subscriber, without a gap from a cursor on, until token, role or platform end."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from commandcenter.protocol.codec import encode
from commandcenter.protocol.codes import TOO_MANY_STREAMS
from commandcenter.protocol.events import Bye, Heartbeat, Message, ScopeChanged, event_of
from commandcenter.protocol.limits import DIGEST_EVERY as DIGEST
from commandcenter.protocol.limits import HEARTBEAT
from commandcenter.protocol.media import EVENT_STREAM
from commandcenter.protocol.sse import cursor_text, event_bytes
from commandcenter.server.auth import roles
from commandcenter.server.auth.access_tokens import AccessToken, AccessTokens
from commandcenter.server.auth.current_role import CurrentRole
from commandcenter.server.storage import epochs, event_log
from commandcenter.server.storage.cursor_tokens import CursorTokens
from commandcenter.server.storage.readers import Readers
from commandcenter.server.storage.writer import Writer
from commandcenter.server.streaming.digests import Digests
from commandcenter.server.streaming.frames import StreamEntry
from commandcenter.server.streaming.publisher import Bell, Publisher, RecentEntries

T = TypeVar("T")
BATCH = 0.05  # seconds between two writes: under load a stream writes twenty times a second
_SEND_TIMEOUT = 20.0  # seconds: a subscriber that reads nothing for so long is dropped
_AT_ONCE = 500  # entries read from the log at a time
RETRY = 1.0  # seconds
MADE_ROOM = 60.0  # seconds to wait: the ended stream must not displace another at once


@dataclass(frozen=True, slots=True)
class StreamStart:
    """Where a stream begins: the user's role, the cursor to resume from, the district's head, the visible head."""

    current: CurrentRole
    epoch: int
    cursor: int
    head: int
    visible: int


class StreamSource(Protocol):
    """The parts of a platform that a stream needs."""

    @property
    def writer(self) -> Writer: ...
    @property
    def readers(self) -> Readers: ...
    @property
    def seats(self) -> AccessTokens: ...
    @property
    def publisher(self) -> Publisher: ...
    @property
    def digests(self) -> Digests: ...
    @property
    def cursor_tokens(self) -> CursorTokens: ...
    @property
    def now(self) -> Callable[[], datetime]: ...
    @property
    def mono(self) -> Callable[[], float]: ...


class EventStream(Response):
    """The stream as an ASGI response; subscribers share the end of a frame's bytes, only its head is each one's own.

    `refuse` raises HttpProblem when there is no place for one more. It is asked in the same turn of the event loop in
    which the stream takes its place: many may have found room earlier, while each of them read where it begins.
    """

    media_type = EVENT_STREAM

    def __init__(
        self, platform: StreamSource, seat: AccessToken, start: StreamStart, *, refuse: Callable[[], None]
    ) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._platform = platform
        self._seat = seat
        self._start = start
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Streams until the client leaves or the stream ends.

        Raises HttpProblem, before anything is sent, when there is no place for it.
        """
        district = self._start.current.scope.district
        self._refuse()
        newest, bell = self._platform.publisher.listen(district, self._start.head, self._seat.user)
        subscriber = Subscriber(self._platform, self._seat, self._start, newest, bell, send)
        watch, is_cut = asyncio.ensure_future(_watch(receive, subscriber)), False
        try:
            self._platform.writer.submit(_nothing)  # its commit publishes what was written since the cursor was read
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await subscriber.speak()
        except (TimeoutError, OSError):
            is_cut = True  # too slow, or gone: the client resumes with its cursor
        finally:
            watch.cancel()
            self._platform.publisher.leave(district, bell)
        if is_cut:  # ends when the client reads again, or when the connection is dropped
            await send({"type": "http.response.body", "body": b"", "more_body": False})


class Subscriber:
    """The position of one subscriber: `_at` is the last sequence looked at, `_prev` the last one sent."""

    def __init__(
        self,
        platform: StreamSource,
        seat: AccessToken,
        start: StreamStart,
        newest: RecentEntries,
        bell: Bell,
        send: Send,
    ) -> None:
        self.is_gone = False
        self.bell = bell
        self._platform = platform
        self._seat = seat
        self._held = start.current
        self._epoch = start.epoch
        self._issuer = platform.cursor_tokens.issuer(start.current.scope.district, start.epoch)
        self._newest = newest
        self._send = send
        self._at = self._prev = start.cursor
        self._visible = start.visible
        self._mono = platform.mono
        self._spoke = self._beat = self._digested = self._mono()

    async def speak(self) -> None:
        """Sends all frames from the cursor on, with heartbeats between them; at the end `scope` or `bye` if due."""
        await self._put(_message(self._heartbeat(None)))
        while not self.is_gone and self._platform.seats.holds(self._seat):
            self.bell.rung.clear()
            if self._platform.publisher.is_closing:
                await self._put(_message(Bye(RETRY)))
                break
            if self.bell.must_end:
                await self._put(_message(Bye(MADE_ROOM, TOO_MANY_STREAMS)))
                break
            if self._needs_role_check() and await self._ends_by_change():
                break
            await self._frames()
            await self._heartbeat_if_due()
            await self._wait()
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    def _needs_role_check(self) -> bool:
        """Returns whether the user's role or the epoch may have changed, or the role has come to its end."""
        until = self._held.until
        return self.bell.needs_role_check or (until is not None and self._platform.now() >= until)

    async def _ends_by_change(self) -> bool:
        """Returns whether the user's role or the log's epoch has changed; sends `scope` or `bye` when it has.

        Nothing may be sent after that: the client asks hello next.
        """
        self.bell.needs_role_check = False
        user, now, district = self._seat.user, self._platform.now(), self._held.scope.district

        def look(connection: Connection) -> tuple[int, roles.RoleHistory | None]:
            return epochs.epochs_of(connection, district).epoch, roles.role_history(connection, user, now)

        epoch, known = await self._platform.readers.do(look)
        if epoch != self._epoch:
            await self._put(_message(Bye(RETRY)))
            return True
        span = None if known is None else known.at(now)
        version = 0 if known is None else known.version(now)
        if span is None or version != self._held.scope_ver:
            await self._put(_message(ScopeChanged(version)))
            return True
        self._held = replace(self._held, until=span.until)  # the end of the role may have been set or changed
        return False

    async def _frames(self) -> None:
        while not (self.bell.must_end or self._needs_role_check()) and (entries := await self._next()):
            chunk = b"".join(self._bytes(one) for one in entries)
            self._at = max(self._at, entries[-1].entry.seq)
            if chunk:
                await self._put(chunk)

    async def _next(self) -> list[StreamEntry]:
        at_hand = self._newest.after(self._at)
        if at_hand is not None:
            return at_hand[:_AT_ONCE]
        seat, after, base = self._held.person, self._at, self._newest.base
        entries = await self._read(lambda connection: event_log.read(connection, seat, after=after, limit=_AT_ONCE))
        if entries is None:
            return []
        if not entries:
            self._at = max(self._at, base)  # the log has nothing visible up to there
            return self._newest.after(self._at) or []
        return [StreamEntry(entry) for entry in entries]

    async def _read(self, look: Callable[[Connection], T]) -> T | None:
        """Returns what `look` finds if the user's role is still the same in the same transaction; None otherwise."""

        def same(connection: Connection) -> T | None:
            now = self._platform.now()
            known = roles.role_history(connection, self._seat.user, now)
            is_same = known is not None and known.version(now) == self._held.scope_ver
            return look(connection) if is_same else None

        found = await self._platform.readers.do(same)
        if found is None:
            self.bell.needs_role_check = True
            self.bell.rung.set()
        return found

    def _bytes(self, one: StreamEntry) -> bytes:
        frame = one.frame(self._held.person, self._prev, self._issuer)
        if frame is None or one.entry.seq <= self._at:
            return b""
        self._prev = self._visible = one.entry.seq
        self._platform.publisher.sent += 1
        return event_bytes(*frame, cursor=cursor_text(self._epoch, one.entry.seq))

    async def _heartbeat_if_due(self) -> None:
        now = self._mono()
        if now - self._beat < HEARTBEAT:
            return
        self._beat = now
        digest = await self._digest() if now - self._digested >= DIGEST else None
        await self._put(_message(self._heartbeat(digest)))

    async def _digest(self) -> str | None:
        seat, digests = self._held.person, self._platform.digests
        found = await self._read(lambda connection: digests.now(connection, seat))
        if found is None:
            return None
        head, digest = found
        while self._at < head and not self._needs_role_check() and (entries := await self._next()):
            chunk = b"".join(self._bytes(one) for one in entries if one.entry.seq <= head)
            self._at = min(max(self._at, entries[-1].entry.seq), head)
            if chunk:
                await self._put(chunk)
        if self._at != head:
            return None  # the stream cannot stop at this head now: tried again at the next heartbeat
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
        async with asyncio.timeout(_SEND_TIMEOUT):
            await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
        self._spoke = self._mono()


def _message(message: Message) -> bytes:
    """Returns a message that does not move the cursor as an event."""
    return event_bytes(event_of(message), encode(message))


def _nothing(connection: Connection) -> None:
    """Writes nothing: only the commit of this job is needed."""


async def _watch(receive: Receive, subscriber: Subscriber) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscriber.is_gone = True
    subscriber.bell.rung.set()
