"""Writes server-sent events, and parses them from byte chunks of any size; lines and events have a size limit."""

from dataclasses import dataclass

from commandcenter.protocol.codec import Unreadable

LONGEST = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event: its id (the last one named in the stream), its type and its data."""

    id: str
    type: str
    data: bytes


def cursor_text(epoch: int, seq: int) -> str:
    """Returns the cursor as it stands in the id of an event and in the header Last-Event-ID."""
    return f"{epoch}:{seq}"


def event_bytes(event: str, data: bytes, *, cursor: str | None = None) -> bytes:
    """Returns a server-sent event; with `cursor`, from which its reader resumes, the event moves the cursor."""
    head = b"" if cursor is None else b"id: %b\n" % cursor.encode()
    return b"%bevent: %b\ndata: %b\n\n" % (head, event.encode(), data)


class EventParser:
    """An incremental parser: chunks go in, completed events come out."""

    def __init__(self, *, longest: int = LONGEST) -> None:
        self._longest = longest
        self._rest = b""
        self._after_return = False
        self._begun = False
        self._id = ""
        self._type = ""
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> list[ServerEvent]:
        """Returns the events that `chunk` completes. Raises Unreadable when a line or event exceeds the limit."""
        *lines, rest = (self._rest + self._with_one_line_end(chunk)).split(b"\n")
        self._rest = rest
        if len(rest) > self._longest:
            raise Unreadable("a line without an end")
        events = []
        for line in lines:
            event = self._line(self._without_mark(line))
            if event is not None:
                events.append(event)
        return events

    def _with_one_line_end(self, chunk: bytes) -> bytes:
        """Converts CR LF and CR to LF, also when a pair is split between chunks."""
        if self._after_return and chunk.startswith(b"\n"):
            chunk = chunk[1:]
            self._after_return = False
        if chunk:
            self._after_return = chunk.endswith(b"\r")
        return chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in chunk else chunk

    def _without_mark(self, line: bytes) -> bytes:
        first, self._begun = not self._begun, True
        return line.removeprefix(b"\xef\xbb\xbf") if first else line

    def _line(self, line: bytes) -> ServerEvent | None:
        if not line:
            return self._dispatch()
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
            self._size += len(value) + 1
            if self._size > self._longest:
                raise Unreadable("an event without an end")
        elif name == b"event":
            self._type = value.decode("utf-8", "replace")
        elif name == b"id" and b"\0" not in value:
            self._id = value.decode("utf-8", "replace")
        return None

    def _dispatch(self) -> ServerEvent | None:
        data, kind = self._data, self._type
        self._data, self._type, self._size = [], "", 0
        return ServerEvent(self._id, kind or "message", b"\n".join(data)) if data else None
