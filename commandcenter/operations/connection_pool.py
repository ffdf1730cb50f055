"""Limits the connections of a server, in all and per address, and chooses which are closed to make room."""

import sys
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from commandcenter.server.auth.networks import network_of

if sys.platform != "win32":
    import resource

MOST = 4_096
RESERVED = 256  # open files besides connections: database, log, and what is accepted before it is counted
_FILES = MOST + RESERVED


class Closable(Protocol):
    """A connection as the pool sees it."""

    def drop(self) -> None:
        """Closes it at once, whatever it was doing."""

    def overdue(self, now: float) -> bool:
        """Returns whether its client has exceeded its time, at the loop's time `now` in seconds."""


C = TypeVar("C", bound=Closable)


def capacity() -> int:
    """Returns how many connections this process may hold; raises its limit of open files first, as far as allowed."""
    if sys.platform == "win32":
        return MOST
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    endless = resource.RLIM_INFINITY
    if soft != endless and soft < _FILES:
        soft = _FILES if hard == endless else min(_FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return MOST if soft == endless else min(MOST, soft - min(RESERVED, soft // 2))


@dataclass(slots=True)
class _Address(Generic[C]):
    """The connections of one address: `silent` never made a whole request, `idle` made one and make none now."""

    most: int
    count: int = 0
    silent: "OrderedDict[C, None]" = field(default_factory=OrderedDict)
    idle: "OrderedDict[C, None]" = field(default_factory=OrderedDict)

    def waiting(self) -> int:
        """Returns how many could be closed without losing an answer."""
        return len(self.silent) + len(self.idle)

    def oldest(self) -> C | None:
        """Returns the connection to close: the oldest of the more numerous kind, so that a flood displaces itself."""
        return next(iter(self.idle if len(self.idle) > len(self.silent) else self.silent), None)

    def forget(self, one: C) -> None:
        self.silent.pop(one, None)
        self.idle.pop(one, None)


class ConnectionPool(Generic[C]):
    """All connections of a server; `shared` addresses (of proxies) may hold as many as all together."""

    def __init__(self, most: int, *, per_address: int, shared: Collection[str] = ()) -> None:
        self._most = most
        self._per_address = per_address
        self._shared = frozenset(map(network_of, shared))
        self._by_address: dict[str, _Address[C]] = {}
        self._address_of: dict[C, str] = {}

    def __len__(self) -> int:
        return len(self._address_of)

    def enter(self, one: C, address: str) -> bool:
        """Admits `one` if there is room or room can be made; returns False when all others are at work.

        When its address is full, that address makes room; when the server is full, the one with the most waiting does.
        """
        key = network_of(address)
        own = self._by_address.get(key) or _Address(self._most if key in self._shared else self._per_address)
        if own.count >= own.most and not self._make_room(own):
            return False
        if len(self) >= self._most and not self._make_room(max(self._by_address.values(), key=_Address.waiting)):
            return False
        self._by_address[key] = own
        self._address_of[one] = key
        own.count += 1
        own.silent[one] = None
        return True

    def works(self, one: C) -> None:
        """Records that `one` has made a whole request: it is no longer closed to make room."""
        if one in self._address_of:
            self._by_address[self._address_of[one]].forget(one)

    def waits(self, one: C) -> None:
        """Records that `one` has got its answer and has made no further request yet."""
        if one in self._address_of:
            address = self._by_address[self._address_of[one]]
            address.forget(one)
            address.idle[one] = None

    def leave(self, one: C) -> None:
        """Removes `one`, which is closed or about to be."""
        if one not in self._address_of:
            return
        key = self._address_of.pop(one)
        address = self._by_address[key]
        address.forget(one)
        address.count -= 1
        if not address.count:
            del self._by_address[key]

    def _make_room(self, address: _Address[C]) -> bool:
        """Closes one waiting connection of `address`; returns False when there is none."""
        oldest = address.oldest()
        if oldest is None:
            return False
        self.leave(oldest)
        oldest.drop()
        return True

    def drop_overdue(self, now: float) -> None:
        """Closes the connections whose clients have exceeded their time, at the loop's time `now`."""
        for one in tuple(self._address_of):
            if one.overdue(now):
                one.drop()
