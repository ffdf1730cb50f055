"""The platform's time as this console knows it; the clock of the machine itself may be days off."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from commandcenter.cache.clock_mark import ClockMark

_NOTICEABLE = 0.2  # seconds: smaller differences are network jitter
_JUMP = 60.0  # seconds: a larger error is corrected at once


class PlatformClock:
    """A clock that is set by the platform and runs on monotonic time in between.

    `wall` returns seconds since 1970 by the machine's clock, `mono` monotonic seconds, comparable within one `boot`.
    `known` is the mark of an earlier run: within the same boot it still holds, after a reboot no time is earlier.
    """

    def __init__(
        self, *, wall: Callable[[], float], mono: Callable[[], float], boot: str = "", known: ClockMark | None = None
    ) -> None:
        self._wall = wall
        self._mono = mono
        self._boot = boot
        self._ahead = _ahead(wall(), mono(), boot, known)
        self._is_set = False
        self._shown = float("-inf")

    def now(self) -> datetime:
        """Returns the time in UTC; it stands still rather than going back, unless it was wrong by over a minute."""
        moment = self._mono() + self._ahead
        if self._shown - moment > _JUMP:
            self._shown = moment
        self._shown = max(self._shown, moment)
        return datetime.fromtimestamp(self._shown, UTC)

    def mono(self) -> float:
        """Returns seconds of the monotonic clock."""
        return self._mono()

    def mark(self) -> ClockMark:
        """Returns what is known now, to be stored for the next start."""
        mono = self._mono()
        return ClockMark(mono + self._ahead, mono, self._boot)

    @property
    def skew(self) -> float | None:
        """Seconds by which the machine's clock is ahead of the platform's; None before the platform has reported it."""
        return self._wall() - (self._mono() + self._ahead) if self._is_set else None

    def told(self, platform: datetime, *, ago: float = 0.0) -> None:
        """Sets the clock by the platform, whose time was `platform` at `ago` seconds before now."""
        ahead = platform.timestamp() + ago - self._mono()
        if not self._is_set or abs(ahead - self._ahead) > _NOTICEABLE:
            self._ahead = ahead
        self._is_set = True


def _ahead(wall: float, mono: float, boot: str, known: ClockMark | None) -> float:
    if known is None:
        return wall - mono
    if known.boot == boot and known.mono <= mono:
        return known.platform - known.mono
    return max(wall, known.platform) - mono


def later(moment: datetime, seconds: float) -> datetime:
    """Returns the time `seconds` after `moment`."""
    return moment + timedelta(seconds=seconds)
