"""Recovers a damaged journal: shows what is readable, and puts that into a fresh journal when the person agrees."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from commandcenter.cache.faults import FileFault
from commandcenter.cache.profile_lock import ProfileLock
from commandcenter.cache.salvage import Salvaged, recover, salvage
from commandcenter.sync.unavailable import Unavailable

JOURNAL = "journal.db"


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a damaged journal holds: `read` readable commands, `open` of them not ended, at most `lost` unreadable ones.

    `lost` is None when that is unknown. `aside` is the file name under which the damaged journal is kept; empty before.
    """

    read: int
    open: int
    lost: int | None
    aside: str = ""


async def readable(folder: Path) -> Recovery:
    """Returns what is readable in the damaged journal of the profile in `folder`; changes nothing.

    Raises Unavailable (profile_in_use, read_only, disk).
    """
    return await asyncio.to_thread(_held, folder, None)


async def take_over(folder: Path, now: datetime) -> Recovery:
    """Puts what is readable into a fresh journal and keeps the damaged one under a dated name.

    Raises Unavailable (profile_in_use, read_only, disk); the damaged journal is then still in its place.
    """
    return await asyncio.to_thread(_held, folder, now)


def _held(folder: Path, now: datetime | None) -> Recovery:
    try:
        lock = ProfileLock(folder)
        try:
            found = salvage(folder / JOURNAL)
            aside = "" if now is None else recover(folder / JOURNAL, found, at=now).name
        finally:
            lock.release()
    except FileFault as fault:
        raise Unavailable(fault.code, fault.about) from fault
    except OSError as wrong:
        raise Unavailable("disk", wrong.strerror or str(wrong)) from wrong
    return _told(found, aside)


def _told(found: Salvaged, aside: str) -> Recovery:
    return Recovery(len(found.commands), found.open, found.lost, aside)
