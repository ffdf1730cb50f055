"""Keeps the newest entries of each district's log in memory, and wakes every stream when there are more."""

import asyncio
from dataclasses import dataclass, field

from sqlalchemy import Connection

from commandcenter.server.auth import roles
from commandcenter.server.storage import epochs, event_log
from commandcenter.server.streaming.frames import StreamEntry

STREAMS_A_USER = 8  # of one account: one more ends the oldest
_MOST = 2_000  # entries of a district in memory
_MOST_BYTES = 16_000_000


@dataclass(slots=True, eq=False)
class Bell:
    """Wakes one stream of `user`: `rung` is set when there is more to send.

    `needs_role_check`: the user's role or the epoch may have changed. `must_end`: the user has opened more streams than
    one account may have.
    """

    user: str
    must_end: bool = False
    needs_role_check: bool = True  # checked once at the start: a change just before rang no bell
    rung: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class RecentEntries:
    """The entries after the sequence `base` without a gap, their `size` in bytes, and the bells of the streams."""

    base: int
    entries: list[StreamEntry] = field(default_factory=list)
    size: int = 0
    bells: dict[Bell, None] = field(default_factory=dict)  # in the order of subscription

    def after(self, cursor: int) -> list[StreamEntry] | None:
        """Returns the entries after `cursor`; None when that lies further back than what is in memory."""
        return None if cursor < self.base else self.entries[cursor - self.base :]

    def add(self, entries: list[StreamEntry]) -> None:
        """Appends entries, in order; drops older ones beyond the limits."""
        self.entries += entries
        self.size += sum(one.size for one in entries)
        if len(self.entries) > _MOST or self.size > _MOST_BYTES:
            self._let_go(len(self.entries) - _MOST // 2 if self.size <= _MOST_BYTES else len(self.entries) - 1)

    def _let_go(self, count: int) -> None:
        self.base = self.entries[count - 1].entry.seq if count else self.base
        self.size -= sum(one.size for one in self.entries[:count])
        del self.entries[:count]


class Publisher:
    """Passes entries from the writer's thread to the streams in the event loop.

    Streams pull: each knows its position and takes what it may see from here, or from the log when it is further
    behind. So a slow one needs no queue, and memory is bounded by the newest entries.
    """

    def __init__(self) -> None:
        self.is_closing = False
        self.sent = 0
        self._newest: dict[str, RecentEntries] = {}
        self._read_to: dict[str, int] = {}  # the last sequence that the writer's thread has passed on
        self._loop: asyncio.AbstractEventLoop | None = None

    def streams_of_user(self, user: str) -> int:
        """Returns how many streams of `user` are open, including those that have to end until they have."""
        return len(self._bells_of(user))

    def listeners(self) -> int:
        """Returns how many streams are open."""
        return sum(len(newest.bells) for newest in self._newest.values())

    def listen(self, district: str, head: int, user: str) -> tuple[RecentEntries, Bell]:
        """Subscribes a stream of `user`; `head` is a sequence that was the district's last a moment ago."""
        self._loop = asyncio.get_running_loop()
        if district not in self._newest:
            self._newest[district] = RecentEntries(base=head)
            self._read_to[district] = head
        bell = Bell(user)
        self._make_room(user)
        self._newest[district].bells[bell] = None
        return self._newest[district], bell

    def _bells_of(self, user: str) -> list[Bell]:
        return [bell for newest in self._newest.values() for bell in newest.bells if bell.user == user]

    def _make_room(self, user: str) -> None:
        """Makes the oldest streams of `user` end, so that one more stays within the limit."""
        staying = [bell for bell in self._bells_of(user) if not bell.must_end]
        for bell in staying[: max(0, len(staying) - STREAMS_A_USER + 1)]:
            bell.must_end = True
            bell.rung.set()

    def leave(self, district: str, bell: Bell) -> None:
        """Ends the subscription that `listen` began."""
        newest = self._newest[district]
        newest.bells.pop(bell, None)
        if not newest.bells:
            del self._newest[district]
            self._read_to.pop(district, None)

    def after_commit(self, connection: Connection) -> None:
        """Publishes, in the writer's thread, what was written for the districts that have subscribers.

        Changed roles and new epochs go first: nothing after them may be sent to a stream under its former role or
        epoch.
        """
        begun = epochs.pop_begun_districts(connection)
        if begun and self._loop is not None:
            self._loop.call_soon_threadsafe(self._begun, begun)
        moved = roles.pop_moved_users(connection)
        if moved and self._loop is not None:
            self._loop.call_soon_threadsafe(self._moved, moved)
        for district, read_to in list(self._read_to.items()):
            entries = event_log.read_all(connection, district, after=read_to)
            if entries and self._loop is not None and district in self._read_to:
                self._read_to[district] = entries[-1].seq
                self._loop.call_soon_threadsafe(self._add, district, [StreamEntry(entry) for entry in entries])

    def close(self) -> None:
        """Makes all streams send `bye` and end."""
        self.is_closing = True
        for newest in self._newest.values():
            _ring(newest)

    def _begun(self, districts: frozenset[str]) -> None:
        for district in districts & self._newest.keys():
            for bell in self._newest[district].bells:
                bell.needs_role_check = True
                bell.rung.set()

    def _moved(self, users: frozenset[str]) -> None:
        for newest in self._newest.values():
            for bell in newest.bells:
                if bell.user in users:
                    bell.needs_role_check = True
                    bell.rung.set()

    def _add(self, district: str, entries: list[StreamEntry]) -> None:
        newest = self._newest.get(district)
        if newest is None:
            return
        last = newest.entries[-1].entry.seq if newest.entries else newest.base
        newest.add([one for one in entries if one.entry.seq > last])
        _ring(newest)


def _ring(newest: RecentEntries) -> None:
    for bell in newest.bells:
        bell.rung.set()
