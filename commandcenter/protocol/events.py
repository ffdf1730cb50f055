"""Defines the messages of the event stream, and how a frame is written so that subscribers share its end."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from commandcenter.protocol.codec import FactEnvelope, RecordEnvelope, Unreadable, decode, encode
from commandcenter.protocol.messages import Counted, CursorToken
from commandcenter.protocol.validity import is_believable

PUT, EVICT = "put", "evict"  # the events that move the cursor


class RecordRef(msgspec.Struct, frozen=True):
    """A reference to a record by kind and id."""

    kind: str
    id: str


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """A stream message `put`: facts, and the records as they are after them.

    `prev` is the sequence of the previous message to this subscriber. `actor` is the account that acted, `on_behalf_of`
    the one in whose place it did. `cursor_token` identifies the position `seq`. `evicted` are records that the
    subscriber may no longer see after the same command.
    """

    seq: Counted
    prev: Counted
    facts: tuple[FactEnvelope, ...]
    records: tuple[RecordEnvelope, ...]
    cmd_id: str
    actor: str
    at: datetime
    on_behalf_of: str | None = None
    cursor_token: CursorToken | None = None
    evicted: tuple[RecordRef, ...] = ()


class Evict(msgspec.Struct, frozen=True):
    """A stream message `evict`: the subscriber may no longer see these records, and sees no other of the command."""

    seq: Counted
    prev: Counted
    records: tuple[RecordRef, ...]
    cursor_token: CursorToken | None = None


class Heartbeat(msgspec.Struct, frozen=True):
    """A stream message `hb`, every ten seconds: the head visible to this subscriber and the platform's time.

    Once a minute it carries `digest`, the sha256 of what the subscriber's board should hold. `scope_ver` is the version
    that the stream is filtered by; a platform without time-limited roles leaves it out.
    """

    head: Counted
    now: datetime
    digest: str | None = None
    scope_ver: Counted | None = None


class Bye(msgspec.Struct, frozen=True):
    """A stream message `bye`: the stream ends and may be reopened after `retry_s` seconds. Without `code` the platform
    is shutting down, or its log has begun a new epoch.
    """

    retry_s: float
    code: str | None = None


class ScopeChanged(msgspec.Struct, frozen=True):
    """A stream message `scope`: what this subscriber may see has changed as a whole. It has to take a new snapshot."""

    scope_ver: Counted


Message = Frame | Evict | Heartbeat | ScopeChanged | Bye
EVENTS: dict[str, type[Message]] = {PUT: Frame, EVICT: Evict, "hb": Heartbeat, "scope": ScopeChanged, "bye": Bye}
_EVENT_OF = {shape: event for event, shape in EVENTS.items()}


def event_of(message: Message) -> str:
    """Returns the name of the message's event."""
    return _EVENT_OF[type(message)]


def read_message(event: str, data: bytes) -> Message | None:
    """Returns the message; None for an event unknown here, which a newer platform may have added.

    Raises Unreadable, also for a heartbeat at a time that no clock shows.
    """
    shape = EVENTS.get(event)
    if shape is None:
        return None
    message = decode(data, shape)
    if isinstance(message, Heartbeat) and not is_believable(message.now):
        raise Unreadable("a heartbeat at a moment that no clock shows")
    return message


def put_end(
    facts: bytes,
    records: bytes,
    *,
    cmd_id: str,
    actor: str,
    at: datetime,
    on_behalf_of: str | None,
    cursor_token: str,
    evicted: tuple[RecordRef, ...] = (),
) -> bytes:
    """Returns a Frame as JSON from `facts` on; `facts` and `records` are the envelopes, separated by commas."""
    who = (encode(cmd_id), encode(actor), encode(at))
    behalf = b',"on_behalf_of":%b' % encode(on_behalf_of) if on_behalf_of is not None else b""
    gone = b',"evicted":%b' % encode(evicted) if evicted else b""
    return b'"facts":[%b],"records":[%b],"cmd_id":%b,"actor":%b,"at":%b%b,"cursor_token":%b%b}' % (
        *(facts, records, *who, behalf, encode(cursor_token), gone),
    )


def evict_end(records: Iterable[RecordRef], cursor_token: str) -> bytes:
    """Returns an Evict as JSON from `records` on."""
    return b'"records":%b,"cursor_token":%b}' % (encode(list(records)), encode(cursor_token))


def frame_data(seq: int, prev: int, end: bytes) -> bytes:
    """Returns a Frame or an Evict as JSON: what is each subscriber's own, and the end that they share."""
    return b'{"seq":%d,"prev":%d,%b' % (seq, prev, end)
