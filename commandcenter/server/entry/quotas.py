"""How much one account, or one network without any, may ask for in a minute: far above any work, far below a flood."""

import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from commandcenter.server.trouble import Trouble

UNKNOWN_TOKENS = "unknown_tokens"  # of a network: after a restore every console of a hall comes with one
PER_MINUTE: Mapping[str, int] = {"takes": 600, "commands": 6_000, "reads": 1_200, "rows": 120_000, UNKNOWN_TOKENS: 600}
_MOST = 20_000  # accounts and networks remembered: memory stays bounded


@dataclass(slots=True)
class Quotas:
    """A token bucket for each account and kind: full it holds a minute's worth, and fills up within a minute.

    `mono`: seconds of a clock that does not jump.
    """

    mono: Callable[[], float]
    factor: float = 1.0  # times PER_MINUTE
    _told: OrderedDict[tuple[str, str], float] = field(default_factory=OrderedDict)
    _left: OrderedDict[tuple[str, str], tuple[float, float]] = field(default_factory=OrderedDict)

    def spend(self, user: str, kind: str, amount: int = 1) -> None:
        """`user` asks for `amount` more of `kind`; Trouble 429 that says when there is enough again."""
        if not amount:
            return
        most, now = PER_MINUTE[kind] * self.factor, self.mono()
        left, at = self._left.pop((user, kind), (most, now))
        left = min(most, left + (now - at) * most / 60)
        missing = amount - left
        self._left[user, kind] = (left if missing > 0 else left - amount, now)
        while len(self._left) > _MOST:
            self._left.popitem(last=False)
        if missing > 0:
            wait = math.ceil(missing * 60 / most)
            title = f"This account asks for too much: at most {most:.0f} {kind} a minute."
            raise Trouble(429, "over_quota", title, about=kind, headers={"Retry-After": str(wait)})

    def is_news(self, user: str, what: str = "quota", *, seconds: float = 60) -> bool:
        """Whether `what` of `user` is worth a trace: of a flood one in so many seconds is."""
        now, key = self.mono(), (user, what)
        is_new = now - self._told.get(key, float("-inf")) >= seconds
        if is_new:
            self._told[key] = now
            self._told.move_to_end(key)
        while len(self._told) > _MOST:
            self._told.popitem(last=False)
        return is_new
