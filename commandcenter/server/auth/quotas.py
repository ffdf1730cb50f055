"""Quotas per minute of each account, or of a network without one: far above normal work, far below a flood."""

import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from commandcenter.protocol import codes
from commandcenter.server.errors import HttpProblem
from commandcenter.server.storage.settings import QUOTA_FACTOR, SettingValues

UNKNOWN_TOKENS = "unknown_tokens"  # counted per network; after a restore every console of a hall sends one
PER_MINUTE: Mapping[str, int] = {"takes": 600, "commands": 6_000, "reads": 1_200, "rows": 120_000, UNKNOWN_TOKENS: 600}
# seconds in which at most one refusal of an account and route is audited: for its role, and for having none
ROLE_TRACED, NO_ROLE_TRACED = 10.0, 600.0
_MOST = 20_000  # buckets and traces of accounts and networks remembered: memory stays bounded


@dataclass(slots=True)
class Quotas:
    """Token buckets, one for each account and kind: each holds a minute's quota and refills within a minute.

    `mono` returns the seconds of a clock that does not jump.
    """

    mono: Callable[[], float]
    settings: SettingValues = field(default_factory=SettingValues)
    _told: OrderedDict[tuple[str, str], float] = field(default_factory=OrderedDict)
    _left: OrderedDict[tuple[str, str], tuple[float, float]] = field(default_factory=OrderedDict)

    def spend(self, user: str, kind: str, amount: int = 1) -> None:
        """Takes `amount` of the quota of `user` for `kind`.

        Raises HttpProblem 429 (over_quota) when too little is left; Retry-After is the wait in seconds.
        """
        if not amount:
            return
        factor = 1 if kind == UNKNOWN_TOKENS else self.settings[QUOTA_FACTOR]  # no setting makes guessing cheaper
        most, now = PER_MINUTE[kind] * factor, self.mono()
        left, at = self._left.pop((user, kind), (most, now))
        left = min(most, left + (now - at) * most / 60)
        missing = amount - left
        self._left[user, kind] = (left if missing > 0 else left - amount, now)
        while len(self._left) > _MOST:
            self._left.popitem(last=False)
        if missing > 0:
            wait = math.ceil(missing * 60 / most)
            title = f"This account asks for too much: at most {most:.0f} {kind} a minute."
            raise HttpProblem(429, codes.OVER_QUOTA, title, about=kind, headers={"Retry-After": str(wait)})

    def is_news(self, user: str, what: str = "quota", *, seconds: float = 60) -> bool:
        """Returns whether `what` of `user` should leave a trace, at most one in so many `seconds`."""
        now, key = self.mono(), (user, what)
        is_new = now - self._told.get(key, float("-inf")) >= seconds
        if is_new:
            self._told[key] = now
            self._told.move_to_end(key)
        while len(self._told) > _MOST:
            self._told.popitem(last=False)
        return is_new
