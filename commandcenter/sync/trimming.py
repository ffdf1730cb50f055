"""What the journal does by the platform's clock: the time is kept for the next start, and once a day it is trimmed."""

from commandcenter.cache.journal import Journal
from commandcenter.protocol.retention import Retention
from commandcenter.sync.clock import PlatformClock


class JournalTrimming:
    """Nothing is deleted before the platform was heard in this run, and what it keeps is known."""

    def __init__(self, journal: Journal, clock: PlatformClock) -> None:
        self._journal = journal
        self._clock = clock
        self._promised: dict[str, Retention] = {}  # by district

    async def heard(self, district: str, kept: Retention) -> None:
        """A hello of `district` said how long the platform keeps what, and the clock was set by it. FileFault."""
        self._promised[district] = kept
        await self._journal.set_clock(self._clock.mark())

    async def trim(self) -> None:
        """What ended before the oldest backup that may come back leaves; once a day of the platform. FileFault."""
        if self._promised:
            keep = max(one.backup_days for one in self._promised.values())
            await self._journal.trim(self._clock.now().date(), keep=keep)
