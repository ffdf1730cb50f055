"""Defines the lines of a snapshot: a head, one line for each record, and an end that proves that none is missing."""

from hashlib import sha256
from typing import Annotated

import msgspec

from commandcenter.protocol.codec import envelope_bytes
from commandcenter.protocol.limits import SNAPSHOT_MOST
from commandcenter.protocol.messages import Counted, CursorToken


class SnapshotHead(msgspec.Struct, frozen=True):
    """The first line of a snapshot: the cursor it was taken at, and how many records follow.

    `cursor_token` identifies this position in the platform's log and is sent in the header Cursor-Token of the next
    hello. A platform that issues no tokens leaves it out, here and in other messages.
    """

    epoch: Counted
    cursor: Counted
    scope_ver: Counted
    n: Annotated[int, msgspec.Meta(ge=0, le=SNAPSHOT_MOST)]
    cursor_token: CursorToken | None = None


class SnapshotEnd(msgspec.Struct, frozen=True):
    """The last line of a snapshot: the count again, and the sha256 (hex) of all record lines with their line ends."""

    end: bool
    n: int
    sha256: str


class SnapshotProof:
    """Counts and hashes the lines of the records, in the order in which they are sent."""

    def __init__(self) -> None:
        self.count = 0
        self._sha256 = sha256()

    def add(self, lines: bytes, count: int) -> None:
        """Adds `lines`, the next `count` lines with their line ends."""
        self._sha256.update(lines)
        self.count += count

    def end(self) -> SnapshotEnd:
        """Returns the end line of a snapshot of what was added."""
        return SnapshotEnd(end=True, n=self.count, sha256=self._sha256.hexdigest())

    def agrees(self, end: SnapshotEnd, head: SnapshotHead) -> bool:
        """Returns whether what was added is what the snapshot's head and end announce."""
        return end == self.end() and head.n == self.count


def is_end(line: bytes) -> bool:
    """Returns whether `line` is the end line."""
    return line.startswith(b'{"end"')


def record_line(kind: str, body: bytes) -> bytes:
    """Returns the line of a record whose JSON is `body`."""
    return envelope_bytes(kind, body) + b"\n"
