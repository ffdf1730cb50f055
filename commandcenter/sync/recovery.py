"""A journal that is damaged: what can be read of it is offered, and taken over when the person says so."""

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
    """`read` commands can be read, `open` of them have not come to their end; at most `lost` cannot (None: unknown).

    `aside` is the name of the file that the damaged journal is kept in; empty before it was taken over.
    """

    read: int
    open: int
    lost: int | None
    aside: str = ""


async def readable(folder: Path) -> Recovery:
    """What of the damaged journal of the profile in `folder` can be read; nothing changes. Unavailable: in use."""
    return await asyncio.to_thread(_held, folder, None)


async def take_over(folder: Path, now: datetime) -> Recovery:
    """What can be read stands in a fresh journal from now on, the damaged one is kept aside under a dated name.

    Unavailable (profile_in_use, read_only, disk): then the damaged journal is where it was.
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
