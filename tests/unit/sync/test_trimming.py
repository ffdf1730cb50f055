"""The journal by the platform's clock: nothing leaves before it was heard, nor before the longest promise is over."""

from datetime import date, timedelta

from commandcenter.cache.clock_mark import ClockMark
from commandcenter.protocol.retention import Retention
from commandcenter.sync.clock import PlatformClock
from commandcenter.sync.trimming import JournalTrimming
from tests.kit.district import NOON


class Journal:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.marks: list[ClockMark] = []
        self.trims: list[tuple[date, int]] = []

    async def set_clock(self, mark: ClockMark) -> None:
        self.marks.append(mark)

    async def trim(self, day: date, *, keep: int) -> int:
        self.trims.append((day, keep))
        return 0


async def test_the_journal_is_trimmed_by_the_longest_promise_of_those_that_were_heard() -> None:
    journal, clock = Journal(), PlatformClock(wall=NOON.timestamp, mono=lambda: 0.0, boot="monday")
    trimming = JournalTrimming(journal, clock)  # type: ignore[arg-type]
    await trimming.trim()
    assert (journal.marks, journal.trims) == ([], [])
    await trimming.heard("d1", Retention(backups=timedelta(days=600)))
    await trimming.heard("d2", Retention(backups=timedelta(days=500)))
    await trimming.trim()
    assert journal.marks == [clock.mark()] * 2
    assert journal.trims == [(NOON.date(), 600)]
    await trimming.heard("d1", Retention())
    await trimming.trim()
    assert journal.trims[1:] == [(NOON.date(), 500)]
