"""Throttles password guessing: each failure lengthens the wait, by account and address and by address alone."""

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from commandcenter.protocol import codes
from commandcenter.server.auth.networks import network_of
from commandcenter.server.errors import HttpProblem
from commandcenter.server.storage.settings import FREE_FAILURES, LOCKED_MOST, SettingValues

FREE_AN_ADDRESS = 30  # failures without a wait of an address; those of an account at one are a setting
SHORTEST = 5.0  # seconds
FORGOTTEN = 3600.0  # seconds after the last failure
TRIES_MOST, TRIES_MOST_IN_ALL = 64, 256  # attempts at the same moment: from one address, from all together
_MOST = 20_000  # entries in each table: memory stays bounded whatever is tried

K = TypeVar("K", bound=Hashable)


@dataclass(slots=True)
class _Failures(Generic[K]):
    """Counts and last times of failures by key; beyond `free` of them the wait doubles from SHORTEST to `longest`."""

    free: Callable[[], float]
    longest: Callable[[], float]
    counts: "OrderedDict[K, tuple[int, float]]" = field(default_factory=OrderedDict)

    def wait(self, key: K, now: float) -> float:
        """Returns how many seconds from `now` on the next attempt has to wait; not at all when zero or negative."""
        count, last = self.counts.get(key, (0, now))
        if count <= self.free() or now - last > FORGOTTEN:
            return 0.0
        wait = min(self.longest(), SHORTEST * (1 << min(count - int(self.free()) - 1, 20)))
        return wait - (now - last)

    def add(self, key: K, now: float) -> None:
        count, last = self.counts.pop(key, (0, now))
        self.counts[key] = (1 if now - last > FORGOTTEN else count + 1, now)
        while len(self.counts) > _MOST:
            self.counts.popitem(last=False)


class Throttle:
    """The failed sign-ins, in memory only: a restart forgets them.

    Nobody can lock an account at addresses other than their own. A user who has signed in from an address before is not
    held up there by the failures of others. IPv6 addresses count by their /64. `mono` returns the seconds of a clock
    that does not jump.
    """

    def __init__(self, mono: Callable[[], float], settings: SettingValues | None = None) -> None:
        self._mono, values = mono, settings or SettingValues()
        longest = lambda: values[LOCKED_MOST]  # noqa: E731
        self._pairs: _Failures[tuple[str, str]] = _Failures(lambda: values[FREE_FAILURES], longest)
        self._addresses: _Failures[str] = _Failures(lambda: FREE_AN_ADDRESS, longest)
        self._known_addresses: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._trying: dict[str, int] = {}

    def check(self, user: str, address: str) -> None:
        """Raises HttpProblem 429 (locked) while `user` has to wait at `address`."""
        network, now = network_of(address), self._mono()
        wait = self._pairs.wait((user, network), now)
        if (user, network) not in self._known_addresses:
            wait = max(wait, self._addresses.wait(network, now))
        if wait > 0:
            title = "Too many failures: wait before you try again."
            raise HttpProblem(429, "locked", title, headers={"Retry-After": str(math.ceil(wait))})

    @contextmanager
    def trying(self, address: str) -> Iterator[None]:
        """Holds one attempt of `address` open.

        Raises HttpProblem 429 (busy) when the address, or all addresses together, have too many at this moment.
        """
        network = network_of(address)
        count = self._trying.get(network, 0)
        if count >= TRIES_MOST or sum(self._trying.values()) >= TRIES_MOST_IN_ALL:
            raise HttpProblem(429, codes.BUSY, "Too many sign-ins at a time.", headers={"Retry-After": "2"})
        self._trying[network] = count + 1
        try:
            yield
        finally:
            self._trying[network] -= 1
            if not self._trying[network]:
                del self._trying[network]

    def failed(self, user: str, address: str) -> None:
        """Counts a failure of `user` at `address`, whether or not there is such an account."""
        network, now = network_of(address), self._mono()
        self._pairs.add((user, network), now)
        self._addresses.add(network, now)

    def succeeded(self, user: str, address: str) -> None:
        """Notes that `user` has signed in from `address`, and forgives their failures there.

        The failures of the address itself still count.
        """
        pair = (user, network_of(address))
        self._pairs.counts.pop(pair, None)
        self._known_addresses.pop(pair, None)
        self._known_addresses[pair] = None
        while len(self._known_addresses) > _MOST:
            self._known_addresses.popitem(last=False)
