"""Maintains the journal by the platform's clock: stores the time for the next start, and trims once a day."""

from commandcenter.cache.journal import Journal
from commandcenter.protocol.retention import Retention
from commandcenter.sync.clock import PlatformClock


class JournalTrimming:
    """Deletes nothing before the platform was heard in this run and has said how long it keeps its data."""

    def __init__(self, journal: Journal, clock: PlatformClock) -> None:
        self._journal = journal
        self._clock = clock
        self._promised: dict[str, Retention] = {}  # by district

    async def heard(self, district: str, kept: Retention) -> None:
        """Records what the platform of `district` keeps, and stores the clock as set by its hello. Raises FileFault."""
        self._promised[district] = kept
        await self._journal.set_clock(self._clock.mark())

    async def trim(self) -> None:
        """Deletes acts that ended before the oldest backup that may come back, at most once per platform day.

        Raises FileFault.
        """
        if self._promised:
            keep = max(one.backup_days for one in self._promised.values())
            await self._journal.trim(self._clock.now().date(), keep=keep)
