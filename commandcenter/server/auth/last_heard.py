"""When the platform heard each user, so that a console's word about its outages is believed no further than that."""

from bisect import bisect_right
from datetime import datetime, timedelta

RETURNING = timedelta(minutes=5)  # in which a console that is back sends what was given while it was away
_APART = timedelta(seconds=30)  # between two moments that are remembered


class LastHeard:
    """The moments of the requests of each user, in memory only.

    Who follows the board is heard at least as often as an access token lasts. What was before `since`, when the
    platform last wrote before it started, counts as heard.
    """

    def __init__(self, since: datetime) -> None:
        self._since = since
        self._times: dict[str, tuple[datetime, ...]] = {}  # replaced, never changed: several threads read them

    def note(self, user: str, now: datetime) -> None:
        """Remembers that `user` is heard; moments ahead of `now` are of a clock that was wrong."""
        known = self._times.get(user, ())
        if not known or not timedelta(0) <= now - known[-1] < _APART:
            known = known[: bisect_right(known, now)]
            self._times[user] = (*known[max(0, bisect_right(known, now - RETURNING) - 1) :], now)

    def before_return(self, user: str, now: datetime) -> datetime:
        """Returns when `user` was last heard before the last minutes, in which they may have come back."""
        known = self._times.get(user, ())
        at = bisect_right(known, now - RETURNING)
        return known[at - 1] if at else self._since
