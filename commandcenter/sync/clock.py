"""The platform's clock as this console knows it: its own is set by whoever uses the machine, and may be days off."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_NOTICEABLE = 0.2  # seconds: below it is the network's trembling
_JUMP = 60.0  # seconds: beyond it a clock that stood wrong is put right at once


class PlatformClock:
    """`wall` gives seconds since 1970 as the machine believes, `mono` seconds of a clock that does not jump."""

    def __init__(self, *, wall: Callable[[], float], mono: Callable[[], float]) -> None:
        self._wall = wall
        self._mono = mono
        self._ahead = wall() - mono()
        self._is_set = False
        self._shown = float("-inf")

    def now(self) -> datetime:
        """UTC; it stands still rather than going back, unless it was wrong by more than a minute."""
        moment = self._mono() + self._ahead
        if self._shown - moment > _JUMP:
            self._shown = moment
        self._shown = max(self._shown, moment)
        return datetime.fromtimestamp(self._shown, UTC)

    def mono(self) -> float:
        """Seconds of the clock that does not jump."""
        return self._mono()

    @property
    def skew(self) -> float | None:
        """How far the machine's own clock is ahead of the platform's, in seconds; None before it was told."""
        return self._wall() - (self._mono() + self._ahead) if self._is_set else None

    def told(self, platform: datetime, *, ago: float = 0.0) -> None:
        """The platform said what time it was, `ago` seconds before this moment."""
        ahead = platform.timestamp() + ago - self._mono()
        if not self._is_set or abs(ahead - self._ahead) > _NOTICEABLE:
            self._ahead = ahead
        self._is_set = True


def later(moment: datetime, seconds: float) -> datetime:
    """`seconds` after `moment`."""
    return moment + timedelta(seconds=seconds)
