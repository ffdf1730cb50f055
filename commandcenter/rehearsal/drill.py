"""The drill 演练: what may be broken in a demonstration and how it is put right, and what came of it, for a panel."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from commandcenter.rehearsal.backup import backup
from commandcenter.rehearsal.wire import Wire
from commandcenter.server.keeping.restoring import restore
from commandcenter.server.trouble import Unusable, reason_of
from commandcenter.settings.folders import new_folder
from commandcenter.store.signal import Signal
from commandcenter.sync.embedded import Embedded
from commandcenter.sync.unavailable import Unavailable

FOLDER = "backups"  # in the platform's data folder
_NAMES = "hall-%Y%m%dT%H%M%S%fZ.backup"
KEPT = 2  # of the databases that a restore put aside, the newest


@dataclass(frozen=True, slots=True)
class Told:
    """What came of an order: `code` is a key of the words, `values` what they name; `is_well`: it was done."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)
    is_well: bool = True


class Drill:
    """Orders of one demonstration; `platform` is the one of this console, None when it talks to another's.

    `step` is what goes on: "" or backing_up, stopping, restoring, restarting, starting, killed; meanwhile the platform
    takes no other order. `told` is what came of the last one. `changed` tells of both.
    """

    changed: Signal[None]

    def __init__(self, wire: Wire, platform: Embedded | None) -> None:
        self.changed = Signal()
        self.wire, self.platform = wire, platform
        self.step = ""
        self.told: Told | None = None
        self.since: float | None = None  # the network is cut: seconds of a clock that does not jump

    @property
    def newest(self) -> datetime | None:
        """When the newest backup of this platform was taken here; None without one."""
        found = self._newest()
        return None if found is None else _made_at(found)

    def cut(self, on: bool = True) -> None:
        """Cut the network of this console, or join it again (`on` False)."""
        if on != self.wire.is_cut:
            self.since = time.monotonic() if on else None
            self.wire.cut() if on else self.wire.join()
            self.changed.emit(None)

    def slow(self, seconds: float) -> None:
        """Answers come so much later."""
        self.wire.delay = seconds
        self.changed.emit(None)

    def lose_answers(self, on: bool = True) -> None:
        """What the platform says to commands is lost on its way."""
        self.wire.lose_answers = on
        self.changed.emit(None)

    def mend(self) -> None:
        """The network is as good as before."""
        self.since = None
        self.wire.mend()
        self.changed.emit(None)

    async def kill(self) -> None:
        """kill -9 of the platform; done when it is back by itself, or told that it is not."""
        if self.platform is None or self.step:
            return
        self._go("killed")
        began = time.monotonic()
        async with self._telling("stays_away"):
            is_back = await self.platform.kill()
            seconds = round(time.monotonic() - began, 1)
            self._end(Told("came_back", {"seconds": seconds}) if is_back else Told("stays_away", is_well=False))

    async def back_up(self) -> None:
        """The platform's database as it is now, while it runs, into a new file of the backups' folder."""
        if self.platform is None or self.platform.data is None or self.step:
            return
        self._go("backing_up")
        now = datetime.now(UTC)
        file = self.platform.data / FOLDER / now.strftime(_NAMES)
        async with self._telling("not_backed_up"):
            new_folder(file.parent)
            await asyncio.to_thread(backup, self.platform.data, file, now=now)
            self._end(Told("backed_up", {"at": now, "size": file.stat().st_size}))

    async def restore(self) -> None:
        """Stop the platform, put the newest backup in its place, start it again: a new epoch begins."""
        file = self._newest()
        if self.platform is None or self.step:
            return
        if file is None:
            self._end(Told("no_backup", is_well=False))
            return
        self._go("stopping")
        async with self._telling("not_restored"):
            async with self.platform.standing_still() as data:
                self._go("restoring")
                try:
                    done = await asyncio.to_thread(restore, file, data, now=datetime.now(UTC), force=True)
                finally:
                    self._go("restarting")
            await asyncio.to_thread(_tidy, data)
            epochs = [line.epoch for line in done.districts.values()]
            self._end(Told("restored", {"at": done.made_at, "epoch": max(epochs, default=0)}))

    async def start(self) -> None:
        """Start a platform that stays away."""
        if self.platform is None or self.step or self.platform.is_up:
            return
        self._go("starting")
        began = time.monotonic()
        async with self._telling("not_started"):
            async with self.platform.standing_still():
                pass
            self._end(Told("came_back", {"seconds": round(time.monotonic() - began, 1)}))

    def _newest(self) -> Path | None:
        data = self.platform.data if self.platform is not None else None
        files = [] if data is None else [file for file in (data / FOLDER).glob("*.backup") if _made_at(file)]
        return max(files, default=None)

    @asynccontextmanager
    async def _telling(self, code: str) -> AsyncIterator[None]:
        """Whatever is the world's fault inside is told, with what is true now; the order is over in any case."""
        try:
            yield
        except Unusable as wrong:
            self._end(Told(code, {"why": wrong.code, "about": str(wrong)}, is_well=False))
        except Unavailable as wrong:
            self._end(Told("not_started", {"why": wrong.code, "about": wrong.about}, is_well=False))
        except (OSError, DBAPIError) as wrong:
            self._end(Told(code, {"why": "disk", "about": reason_of(wrong)}, is_well=False))
        finally:
            if self.step:
                self._go("")

    def _go(self, step: str) -> None:
        self.step, self.told = step, None
        self.changed.emit(None)

    def _end(self, told: Told) -> None:
        self.step, self.told = "", told
        self.changed.emit(None)


def _made_at(file: Path) -> datetime | None:
    """When the backup `file` was taken; None for one that was not made here."""
    try:
        return datetime.strptime(file.name, _NAMES).replace(tzinfo=UTC)
    except ValueError:
        return None


def _tidy(data: Path) -> None:
    """A demonstration is restored again and again: all but the newest of what was put aside goes."""
    for old in sorted(data.glob("before-restore-*"))[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
