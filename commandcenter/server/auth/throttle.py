"""Guessing passwords: each failure makes the next try wait longer, by account and address and by address alone.

Nobody can shut out an account at other addresses than their own. Who has signed in from an address before is not held
up there by what others tried; IPv6 counts by /64.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from commandcenter.server.auth.networks import network_of
from commandcenter.server.errors import HttpProblem

FREE, FREE_AN_ADDRESS = 4, 30  # failures that cost no waiting: of one account at an address, of an address in all
SHORTEST, LONGEST = timedelta(seconds=5), timedelta(minutes=15)
FORGOTTEN = timedelta(hours=1)  # after the last failure
TRIES_MOST = 64  # from one address at the same moment
_MOST = 20_000  # of each that are remembered: memory stays bounded whatever is tried

K = TypeVar("K", bound=Hashable)


@dataclass(slots=True)
class _Failures(Generic[K]):
    """How often each key failed, and when last; waiting doubles from `SHORTEST` on behind `free` failures."""

    free: int
    counts: "OrderedDict[K, tuple[int, datetime]]" = field(default_factory=OrderedDict)

    def wait(self, key: K, now: datetime) -> timedelta:
        """How long from `now` on the next try has to wait."""
        count, last = self.counts.get(key, (0, now))
        if count <= self.free or now - last > FORGOTTEN:
            return timedelta(0)
        wait: timedelta = min(LONGEST, SHORTEST * (1 << min(count - self.free - 1, 20)))
        return last + wait - now

    def add(self, key: K, now: datetime) -> None:
        """One more failure."""
        count, last = self.counts.pop(key, (0, now))
        self.counts[key] = (1 if now - last > FORGOTTEN else count + 1, now)
        while len(self.counts) > _MOST:
            self.counts.popitem(last=False)


class Throttle:
    """What was tried, in memory: a new start forgives."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._pairs: _Failures[tuple[str, str]] = _Failures(FREE)
        self._addresses: _Failures[str] = _Failures(FREE_AN_ADDRESS)
        self._at_home: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._trying: dict[str, int] = {}

    def check(self, user: str, address: str) -> None:
        """Trouble 429 (locked) while `user` has to wait at `address`."""
        network, now = network_of(address), self._now()
        wait = self._pairs.wait((user, network), now)
        if (user, network) not in self._at_home:
            wait = max(wait, self._addresses.wait(network, now))
        if wait > timedelta(0):
            seconds = max(1, int(wait.total_seconds()))
            title = "Too many failures: wait before you try again."
            raise HttpProblem(429, "locked", title, headers={"Retry-After": str(seconds)})

    @contextmanager
    def trying(self, address: str) -> Iterator[None]:
        """A try under way; Trouble 429 (busy) when the address has too many of them at this moment."""
        network = network_of(address)
        count = self._trying.get(network, 0)
        if count >= TRIES_MOST:
            raise HttpProblem(429, "busy", "Too many sign-ins at a time.", headers={"Retry-After": "2"})
        self._trying[network] = count + 1
        try:
            yield
        finally:
            self._trying[network] -= 1
            if not self._trying[network]:
                del self._trying[network]

    def failed(self, user: str, address: str) -> None:
        """One more failure of `user`, whether there is such an account or not."""
        network, now = network_of(address), self._now()
        self._pairs.add((user, network), now)
        self._addresses.add(network, now)

    def succeeded(self, user: str, address: str) -> None:
        """`user` is at home at `address`, and their failures there are forgiven; those of the address are not."""
        pair = (user, network_of(address))
        self._pairs.counts.pop(pair, None)
        self._at_home.pop(pair, None)
        self._at_home[pair] = None
        while len(self._at_home) > _MOST:
            self._at_home.popitem(last=False)
