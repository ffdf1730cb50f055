"""The platform's clock as this console knows it: its own is set by whoever uses the machine, and may be days off."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from commandcenter.cache.clock_mark import ClockMark

_NOTICEABLE = 0.2  # seconds: below it is the network's trembling
_JUMP = 60.0  # seconds: beyond it a clock that stood wrong is put right at once


class PlatformClock:
    """`wall` gives seconds since 1970 as the machine believes, `mono` seconds of a clock that does not jump in `boot`.

    `known` is what an earlier run was told last: within the same boot it is right still, and it is never earlier.
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
        """UTC; it stands still rather than going back, unless it was wrong by more than a minute."""
        moment = self._mono() + self._ahead
        if self._shown - moment > _JUMP:
            self._shown = moment
        self._shown = max(self._shown, moment)
        return datetime.fromtimestamp(self._shown, UTC)

    def mono(self) -> float:
        """Seconds of the clock that does not jump."""
        return self._mono()

    def mark(self) -> ClockMark:
        """What is known now, for the next start."""
        mono = self._mono()
        return ClockMark(mono + self._ahead, mono, self._boot)

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


def _ahead(wall: float, mono: float, boot: str, known: ClockMark | None) -> float:
    if known is None:
        return wall - mono
    if known.boot == boot and known.mono <= mono:
        return known.platform - known.mono
    return max(wall, known.platform) - mono


def later(moment: datetime, seconds: float) -> datetime:
    """`seconds` after `moment`."""
    return moment + timedelta(seconds=seconds)
