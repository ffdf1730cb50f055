"""Guessing passwords: five failures lock an account for an address for a quarter of an hour."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
_MOST = 20_000  # pairs remembered: memory stays bounded whatever is tried


class Lockout:
    """Failures by (account, address), in memory."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._failures: OrderedDict[tuple[str, str], tuple[int, datetime]] = OrderedDict()

    def seconds(self, user: str, address: str) -> int:
        """How long the pair is still locked; 0 when it is not."""
        count, last = self._failures.get((user, address), (0, self._now()))
        left = last + LOCKED_FOR - self._now()
        return max(1, int(left.total_seconds())) if count >= FAILURES and left > timedelta(0) else 0

    def failed(self, user: str, address: str) -> None:
        """One more failure; the count begins anew a quarter of an hour after the last one."""
        count, last = self._failures.pop((user, address), (0, self._now()))
        count = 0 if self._now() - last > LOCKED_FOR else count
        self._failures[user, address] = (count + 1, self._now())
        while len(self._failures) > _MOST:
            self._failures.popitem(last=False)

    def succeeded(self, user: str, address: str) -> None:
        """Forget the pair's failures."""
        self._failures.pop((user, address), None)
