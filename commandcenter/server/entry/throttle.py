"""Guessing passwords: each failure makes the next try wait longer, by account and address and by address alone.

Nobody can shut out an account at other addresses than their own. Who has signed in from an address before is not held
up there by what others tried; IPv6 counts by /64.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from commandcenter.server.entry.networks import network_of
from commandcenter.server.trouble import Trouble

FREE, FREE_AN_ADDRESS = 4, 30  # failures that cost no waiting: of one account at an address, of an address in all
SHORTEST, LONGEST = 5.0, 900.0  # seconds
FORGOTTEN = 3600.0  # seconds after the last failure
TRIES_MOST, TRIES_MOST_IN_ALL = 64, 256  # at the same moment: from one address, from everywhere
_MOST = 20_000  # of each that are remembered: memory stays bounded whatever is tried

K = TypeVar("K", bound=Hashable)


@dataclass(slots=True)
class _Failures(Generic[K]):
    """How often each key failed, and when last; waiting doubles from `SHORTEST` on behind `free` failures."""

    free: int
    counts: "OrderedDict[K, tuple[int, float]]" = field(default_factory=OrderedDict)

    def wait(self, key: K, now: float) -> float:
        """How many seconds from `now` on the next try has to wait; none when it is not above zero."""
        count, last = self.counts.get(key, (0, now))
        if count <= self.free or now - last > FORGOTTEN:
            return 0.0
        wait = min(LONGEST, SHORTEST * (1 << min(count - self.free - 1, 20)))
        return wait - (now - last)

    def add(self, key: K, now: float) -> None:
        """One more failure."""
        count, last = self.counts.pop(key, (0, now))
        self.counts[key] = (1 if now - last > FORGOTTEN else count + 1, now)
        while len(self.counts) > _MOST:
            self.counts.popitem(last=False)


class Throttle:
    """What was tried, in memory: a new start forgives. `mono`: seconds of a clock that does not jump."""

    def __init__(self, mono: Callable[[], float]) -> None:
        self._mono = mono
        self._pairs: _Failures[tuple[str, str]] = _Failures(FREE)
        self._addresses: _Failures[str] = _Failures(FREE_AN_ADDRESS)
        self._at_home: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._trying: dict[str, int] = {}

    def check(self, user: str, address: str) -> None:
        """Trouble 429 (locked) while `user` has to wait at `address`."""
        network, now = network_of(address), self._mono()
        wait = self._pairs.wait((user, network), now)
        if (user, network) not in self._at_home:
            wait = max(wait, self._addresses.wait(network, now))
        if wait > 0:
            title = "Too many failures: wait before you try again."
            raise Trouble(429, "locked", title, headers={"Retry-After": str(math.ceil(wait))})

    @contextmanager
    def trying(self, address: str) -> Iterator[None]:
        """A try under way; Trouble 429 (busy) when the address, or everybody together, has too many of them."""
        network = network_of(address)
        count = self._trying.get(network, 0)
        if count >= TRIES_MOST or sum(self._trying.values()) >= TRIES_MOST_IN_ALL:
            raise Trouble(429, "busy", "Too many sign-ins at a time.", headers={"Retry-After": "2"})
        self._trying[network] = count + 1
        try:
            yield
        finally:
            self._trying[network] -= 1
            if not self._trying[network]:
                del self._trying[network]

    def failed(self, user: str, address: str) -> None:
        """One more failure of `user`, whether there is such an account or not."""
        network, now = network_of(address), self._mono()
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
