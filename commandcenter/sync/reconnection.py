"""Decides what follows the end of a connection: the next one at once, or after a wait, and how long that is."""

import math

from commandcenter.client.backoff import full_jitter
from commandcenter.client.errors import Gone, NewerProtocol, NoRole, PlatformFault, WrongEpoch, WrongPlatform
from commandcenter.client.stream import Expired
from commandcenter.sync.clock import PlatformClock, later
from commandcenter.sync.connection import UNREADABLE, Connection, State
from commandcenter.sync.environment import Timing
from commandcenter.sync.inbound import FrameGap, MirrorDoubt
from commandcenter.sync.resync import ResyncPolicy

REFUSED_AGAIN = 60.0  # seconds until a refused platform is asked again
ROLE_AGAIN = 10.0  # seconds, at most, until the platform is asked whether a role has begun
_STEADY = 10.0  # seconds live after which the count of failures restarts


class Reconnection:
    """Is informed how each connection went, in order, and waits before the next one."""

    def __init__(self, connection: Connection, clock: PlatformClock, timing: Timing, resync: ResyncPolicy) -> None:
        self._connection = connection
        self._clock = clock
        self._timing = timing
        self._resync = resync
        self._live_since = math.inf
        self._failures = 0

    def reset(self) -> None:
        """Forgets the failures so far: the next connection is the first of a new sign-in or address."""
        self._failures = 0

    def went_live(self) -> None:
        """Records that the stream is open."""
        self._live_since = self._clock.mono()

    def ended(self, fault: PlatformFault) -> PlatformFault:
        """Records the end of a connection; returns `fault`, or NewerProtocol when the platform stays unreadable."""
        if self._clock.mono() - self._live_since >= _STEADY:
            self._failures = 0
            self._resync.was_steady()
        self._live_since = math.inf
        self._failures += 1
        self._resync.ended(fault, failures=self._failures)
        return NewerProtocol(fault.about, code=UNREADABLE) if self._resync.is_too_new else fault

    async def pause(self, fault: PlatformFault) -> None:
        """Shows why there is no connection and waits; returns at once after a first fault that a new one mends."""
        if isinstance(fault, (NewerProtocol, WrongPlatform)):
            self._connection.to(State.REFUSED, code=fault.code, about=fault.about)
            await self._timing.sleep(REFUSED_AGAIN)
        elif isinstance(fault, NoRole):
            self._connection.to(State.REFUSED, code=fault.code, about=fault.about)
            await self._timing.sleep(ROLE_AGAIN * (0.5 + self._timing.chance() / 2))
        elif self._failures > 1 or not isinstance(fault, (Expired, FrameGap, Gone, MirrorDoubt, WrongEpoch)):
            await self._wait(fault)

    async def _wait(self, fault: PlatformFault) -> None:
        seconds = full_jitter(self._failures - 1, self._timing.chance(), asked=fault.retry_after)
        retry_at = later(self._clock.now(), seconds)
        self._connection.to(State.WAITING, code=fault.code, about=fault.about, retry_at=retry_at)
        await self._timing.sleep(seconds)
