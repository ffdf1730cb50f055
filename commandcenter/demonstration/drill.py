"""The drill 演练: breaks and repairs a demonstration's network and platform, and reports the results to a panel."""

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

from commandcenter.demonstration.faulty_network import FaultyNetwork
from commandcenter.operations.backup import backup
from commandcenter.server.errors import UnusableEnvironment, reason_of
from commandcenter.server.storage.restoring import restore
from commandcenter.settings.folders import new_folder
from commandcenter.store.signal import Signal
from commandcenter.sync.embedded_platform import EmbeddedPlatform
from commandcenter.sync.unavailable import Unavailable

FOLDER = "backups"  # in the platform's data folder
_NAMES = "hall-%Y%m%dT%H%M%S%fZ.backup"
DATABASES_KEPT = 2  # databases put aside by restores that are kept, the newest


@dataclass(frozen=True, slots=True)
class DrillResult:
    """The result of a drill action.

    `code` selects the text that the panel shows, `values` fills its placeholders, `is_well` says whether the action
    succeeded.
    """

    code: str
    values: dict[str, Any] = field(default_factory=dict)
    is_well: bool = True


class Drill:
    """The drill actions of one console; `platform` is its embedded platform, None when another console runs it.

    `step` is what goes on now: "", "backing_up", "stopping", "restoring", "restarting", "starting" or "killed". While
    it is set, further actions on the platform are ignored. `told` is the result of the last action. `changed` is
    emitted when either changes, and when the network's faults do.
    """

    changed: Signal[None]

    def __init__(self, network: FaultyNetwork, platform: EmbeddedPlatform | None) -> None:
        self.changed = Signal()
        self.network, self.platform = network, platform
        self.step = ""
        self.told: DrillResult | None = None
        self.since: float | None = None  # seconds of the monotonic clock when the network was cut

    @property
    def newest(self) -> datetime | None:
        """When the newest backup in the platform's backup folder was taken; None without one."""
        found = self._newest()
        return None if found is None else _made_at(found)

    def cut(self, on: bool = True) -> None:
        """Cuts the network of this console, or reconnects it (`on` False)."""
        if on != self.network.is_cut:
            self.since = time.monotonic() if on else None
            self.network.cut() if on else self.network.join()
            self.changed.emit(None)

    def slow(self, seconds: float) -> None:
        """Delays every answer by `seconds`."""
        self.network.delay = seconds
        self.changed.emit(None)

    def lose_answers(self, on: bool = True) -> None:
        """Turns on or off that the platform's answers to commands are lost on their way."""
        self.network.lose_answers = on
        self.changed.emit(None)

    def mend(self) -> None:
        """Removes all network faults."""
        self.since = None
        self.network.mend()
        self.changed.emit(None)

    async def kill(self) -> None:
        """Kills the platform as kill -9 does; returns when it runs again by itself, or is not started again."""
        if self.platform is None or self.step:
            return
        began = time.monotonic()
        async with self._doing("killed", "stays_away"):
            is_back = await self.platform.kill()
            self._end(_came_back(began) if is_back else DrillResult("stays_away", is_well=False))

    async def back_up(self) -> None:
        """Backs up the platform's database into a new file of the backup folder while the platform runs."""
        if self.platform is None or self.platform.data is None or self.step:
            return
        now = datetime.now(UTC)
        file = self.platform.data / FOLDER / now.strftime(_NAMES)
        async with self._doing("backing_up", "not_backed_up"):
            new_folder(file.parent)
            await asyncio.to_thread(backup, self.platform.data, file, now=now)
            self._end(DrillResult("backed_up", {"at": now, "size": file.stat().st_size}))

    async def restore(self) -> None:
        """Stops the platform, restores the newest backup and starts it again; a new epoch begins."""
        file = self._newest()
        if self.platform is None or self.step:
            return
        if file is None:
            self._end(DrillResult("no_backup", is_well=False))
            return
        async with self._doing("stopping", "not_restored"):
            async with self.platform.stopped() as data:
                self._go("restoring")
                try:
                    done = await asyncio.to_thread(restore, file, data, now=datetime.now(UTC), force=True)
                finally:
                    self._go("restarting")
            await asyncio.to_thread(_delete_old_databases, data)
            epochs = [line.epoch for line in done.districts.values()]
            self._end(DrillResult("restored", {"at": done.made_at, "epoch": max(epochs, default=0)}))

    async def start(self) -> None:
        """Starts the platform when it is down and not restarted automatically."""
        if self.platform is None or self.step or self.platform.is_up:
            return
        began = time.monotonic()
        async with self._doing("starting", "not_started"):
            async with self.platform.stopped():
                pass
            self._end(_came_back(began))

    def _newest(self) -> Path | None:
        data = self.platform.data if self.platform is not None else None
        files = [] if data is None else [file for file in (data / FOLDER).glob("*.backup") if _made_at(file)]
        return max(files, default=None)

    @asynccontextmanager
    async def _doing(self, step: str, code: str) -> AsyncIterator[None]:
        """Sets `step` for the block, and turns errors of the environment (disk, database) into a result with `code`.

        Unavailable always becomes "not_started". `step` is cleared in any case.
        """
        self._go(step)
        try:
            yield
        except UnusableEnvironment as wrong:
            self._end(DrillResult(code, {"why": wrong.code, "about": str(wrong)}, is_well=False))
        except Unavailable as wrong:
            self._end(DrillResult("not_started", {"why": wrong.code, "about": wrong.about}, is_well=False))
        except (OSError, DBAPIError) as wrong:
            self._end(DrillResult(code, {"why": "disk", "about": reason_of(wrong)}, is_well=False))
        finally:
            if self.step:
                self._go("")

    def _go(self, step: str) -> None:
        self.step, self.told = step, None
        self.changed.emit(None)

    def _end(self, told: DrillResult) -> None:
        self.step, self.told = "", told
        self.changed.emit(None)


def _came_back(began: float) -> DrillResult:
    return DrillResult("came_back", {"seconds": round(time.monotonic() - began, 1)})


def _made_at(file: Path) -> datetime | None:
    """Returns when the backup `file` was taken; None for a file that the drill did not make."""
    try:
        return datetime.strptime(file.name, _NAMES).replace(tzinfo=UTC)
    except ValueError:
        return None


def _delete_old_databases(data: Path) -> None:
    """Deletes all but the newest databases that restores put aside: a demonstration is restored often."""
    for old in sorted(data.glob("before-restore-*"))[:-DATABASES_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
