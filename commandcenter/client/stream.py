"""Reads the event stream: frames, evictions and heartbeats in the order in which the platform sends them."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commandcenter.client.errors import MalformedAnswer, PlatformFault, Unreachable, UnreadableContent
from commandcenter.protocol import paths
from commandcenter.protocol.codec import Unreadable
from commandcenter.protocol.events import Evict, Frame, Message, read_message
from commandcenter.protocol.limits import NUMBER_MOST
from commandcenter.protocol.media import EVENT_STREAM, LAST_EVENT_ID, SCOPE_VERSION
from commandcenter.protocol.sse import EventParser, ServerEvent, cursor_text

if TYPE_CHECKING:
    from commandcenter.client.session import Session

_DIGITS = len(str(NUMBER_MOST))  # digits of an epoch at most


@dataclass(frozen=True, slots=True)
class StreamMessage:
    """A message of the stream; `epoch` is that of a frame or an eviction, None for other messages."""

    message: Message
    epoch: int | None = None


class Ended(PlatformFault):
    """The platform ended the stream in good order."""

    code = "closed"


class Expired(Ended):
    """The stream ended because its access token expired; a new one can be had at once."""


@asynccontextmanager
async def open_stream(
    session: "Session", *, epoch: int, after: int, scope_ver: int
) -> AsyncIterator[AsyncIterator[list[StreamMessage]]]:
    """Yields the stream after the cursor `epoch`:`after`, as lists of messages that arrived together.

    `scope_ver` is that of the board that follows it. Raises WrongEpoch, Gone (also when the scope is another now) or
    SignedOut when the platform refuses it, and other PlatformFaults when it breaks off.
    """
    cursor = {LAST_EVENT_ID: cursor_text(epoch, after), SCOPE_VERSION: str(scope_ver)}
    headers = cursor | {"cache-control": "no-store"}
    opened = session.opened(paths.EVENTS, media=EVENT_STREAM, headers=headers)
    async with opened as body, aclosing(_messages(body, session)) as messages:
        yield messages


async def _messages(body: AsyncIterator[bytes], session: "Session") -> AsyncGenerator[list[StreamMessage], None]:
    parser, spoke = EventParser(), session.mono()
    async for chunk in body:
        read = [_read(event) for event in _fed(parser, chunk)]
        arrived = [one for one in read if one is not None]
        if arrived:
            spoke = session.mono()
        elif session.mono() - spoke > session.silence:  # bytes arrive, but no messages
            raise Unreachable("nothing but noise", code="timed_out")
        yield arrived


def _fed(parser: EventParser, chunk: bytes) -> list[ServerEvent]:
    try:
        return parser.feed(chunk)
    except Unreadable as wrong:
        raise MalformedAnswer(str(wrong)) from wrong


def _read(event: ServerEvent) -> StreamMessage | None:
    """Decodes an event; returns None for a type unknown here, which a newer platform may have added."""
    try:
        message = read_message(event.type, event.data)
    except Unreadable as wrong:
        raise UnreadableContent(f"{event.type}: {wrong}") from wrong
    if not isinstance(message, (Frame, Evict)):
        return None if message is None else StreamMessage(message)
    epoch, _, seq = event.id.partition(":")
    if not (epoch.isdecimal() and len(epoch) <= _DIGITS and seq == str(message.seq)):
        raise UnreadableContent(f"event id {event.id[:40]!r} on frame {message.seq}")
    return StreamMessage(message, int(epoch))
