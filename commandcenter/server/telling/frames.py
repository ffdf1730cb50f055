"""Log entries as the frames of one subscriber: what it may see, as bytes that all who see the same share."""

from dataclasses import dataclass, field

from commandcenter.domain.people import Scope
from commandcenter.protocol.codec import encode
from commandcenter.protocol.frames import RecordRef
from commandcenter.server.keeping.cursor_tokens import Issuer
from commandcenter.server.keeping.eventlog import Entry, Part
from commandcenter.server.scope import sees


@dataclass(slots=True)
class Told:
    """An entry on its way to the subscribers; the long end of each frame is encoded once (`_ends`)."""

    entry: Entry
    _ends: dict[tuple[str, tuple[int, ...], int], bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of the records in it, about."""
        return sum(len(part.facts) + len(part.after or b"") for part in self.entry.parts)

    def frame(self, scope: Scope, prev: int, issuer: Issuer) -> tuple[str, bytes] | None:
        """(`put` or `evict`, the JSON data) for a subscriber that was last told of `prev`; None: not its business.

        `issuer` makes its cursor token.

        A command changes one record, or reference records that all see: so a frame is all put or all evict.
        """
        event, parts = _told(self.entry.parts, scope)
        if not parts:
            return None
        key = (event, parts, issuer.epoch)
        end = self._ends.get(key)
        if end is None:
            chosen = [self.entry.parts[at] for at in parts]
            token = issuer.token(self.entry.seq, self.entry.cmd_id, self.entry.at).encode()
            end = (_put(self.entry, chosen) if event == "put" else _evict(chosen)) + b',"cursor_token":"%b"}' % token
            self._ends[key] = end
        return event, b'{"seq":%d,"prev":%d,%b' % (self.entry.seq, prev, end)


def sse(epoch: int, seq: int, event: str, data: bytes) -> bytes:
    """A frame as a server-sent event, its id being the cursor to resume from."""
    return b"id: %d:%d\nevent: %b\ndata: %b\n\n" % (epoch, seq, event.encode(), data)


def sse_unnumbered(event: str, data: bytes) -> bytes:
    """A message that does not move the cursor: hb, bye, scope."""
    return b"event: %b\ndata: %b\n\n" % (event.encode(), data)


def _told(parts: tuple[Part, ...], scope: Scope) -> tuple[str, tuple[int, ...]]:
    now = tuple(at for at, part in enumerate(parts) if sees(scope, part.kind, part.now))
    if now:
        return "put", now
    return "evict", tuple(at for at, part in enumerate(parts) if sees(scope, part.kind, part.was))


def _put(entry: Entry, parts: list[Part]) -> bytes:
    facts = b",".join(part.facts[1:-1] for part in parts if len(part.facts) > 2)
    records = b",".join(b'{"kind":%b,"record":%b}' % (encode(part.kind), part.after or b"null") for part in parts)
    who = (encode(entry.cmd_id), encode(entry.actor), encode(entry.at))
    behalf = b',"on_behalf_of":%b' % encode(entry.on_behalf_of) if entry.on_behalf_of is not None else b""
    return b'"facts":[%b],"records":[%b],"cmd_id":%b,"actor":%b,"at":%b%b' % (facts, records, *who, behalf)


def _evict(parts: list[Part]) -> bytes:
    return b'"records":%b' % encode([RecordRef(part.kind, part.id) for part in parts])
