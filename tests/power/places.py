"""A console and a platform whose power can fail at any write."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from tests.faults.console import Console
from tests.faults.hall import Down, Hall, Spoken
from tests.power.disk import Disk

SOON = 8  # WAL pages before a checkpoint; no schedule would reach SQLite's default of a thousand


@dataclass(slots=True)
class Supply:
    """The power supply of the machine with the files in `folder`; it fails at the `due`th write from now on (0: never).

    `failed()` is called at that write; `left` is the content of the disk from then until `come_back`.
    """

    folder: Path
    disk: Disk
    chance: random.Random
    failed: Callable[[], None] = lambda: None
    due: int = 0
    left: dict[Path, bytes] | None = None
    cuts: int = 0
    also: "list[Supply]" = field(default_factory=list)  # supplies that fail together with this one
    holds: bool = False  # it does not fail, even when the others do

    @property
    def is_cut(self) -> bool:
        """Whether the power is off."""
        return self.left is not None

    def wrote(self, name: str) -> None:
        """Counts a change of the file `name`, and fails when it is due."""
        if self.due and not self.is_cut and Path(name).is_relative_to(self.folder):
            self.due -= 1
            if not self.due:
                self.fail()
                for other in self.also:
                    other.fail()

    def fail(self) -> None:
        """Cuts the power now, unless it holds."""
        if not self.is_cut and not self.holds:
            self.left = self.disk.left(self.folder, self.chance)
            self.due = 0
            self.cuts += 1
            self.failed()

    def come_back(self) -> None:
        """Puts back the files that were left, which must be closed; the power is on again."""
        if self.left is not None:
            self.disk.put_back(self.folder, self.left)
        self.left, self.also = None, []


class PoweredConsole(Console):
    """A console that ends at the write at which its power fails, and restarts with what its disk has kept."""

    def __init__(self, name: str, hall: Hall, folder: Path, users: tuple[str, ...], supply: Supply) -> None:
        super().__init__(name, hall, folder, users, supply.chance)
        self.supply = supply
        supply.failed = self._fail

    async def open(self) -> None:
        """Starts the program while the power holds, with early checkpoints of its databases."""
        self.supply.due, self.supply.holds = 0, True
        await super().open()
        self.supply.holds = False
        files = self.desk._parts.close.__self__  # type: ignore[attr-defined]
        for engine in (files.journal._engine, files.cache._engine):
            with engine.connect() as connection:
                _write_back_early(connection)

    async def end(self, *, cache: Callable[[Path], None] = lambda file: None, reboot: bool = False) -> None:
        """Ends the program without warning; after a power cut the files that were left are put back."""

        def put(file: Path) -> None:
            cache(file)
            self.supply.come_back()

        await super().end(cache=put, reboot=reboot or self.supply.is_cut)

    def burns(self, *, after: bool) -> bool:
        """Returns whether the console ends at this write."""
        return self.supply.is_cut or super().burns(after=after)

    def _fail(self) -> None:
        self.owner.is_dead = True


class PoweredHall(Hall):
    """A platform that answers nothing from the write at which its power fails until `back`."""

    def __init__(self, folder: Path, supply: Supply) -> None:
        super().__init__(folder)
        self.supply = supply
        supply.failed = self._fail

    def open(self) -> None:
        """Starts the platform, with early checkpoints of its database."""
        super().open()
        _write_back_early(self.platform.writer._connection)  # type: ignore[attr-defined]

    async def call(self, method: str, path: str, query: bytes, headers: list, body: bytes) -> Spoken:
        """Sends a request to the application; also raises Down when the power fails meanwhile."""
        if self.supply.is_cut:
            raise Down
        spoken = await super().call(method, path, query, headers, body)
        if self.supply.is_cut:
            raise Down
        return spoken

    def write(self, work: Callable[[Any], Any]) -> Any:
        """Runs `work` in the writer; the power does not fail meanwhile, because this is no request over the network."""
        due, self.supply.due = self.supply.due, 0
        try:
            return super().write(work)
        finally:
            self.supply.due = due

    def look(self) -> None:
        """Reads the new log rows, unless the power is off: rows being written when it failed were not acknowledged."""
        if not self.supply.is_cut:
            super().look()

    async def back(self) -> list[str]:
        """Turns the power on and restarts the platform; returns the commands that its log has lost."""
        await self.stop()
        self.supply.come_back()
        seen = [(row.seq, row.cmd_id) for row in self.past.rows]
        self.open()
        there = set(self.database.execute("SELECT seq, cmd_id FROM log").fetchall())
        return [f"{cmd_id} at {seq}" for seq, cmd_id in seen if (seq, cmd_id) not in there]

    def _fail(self) -> None:
        self._owner.is_dead = True
        for task in list(self._owner.tasks):
            if task is not asyncio.current_task():
                task.cancel()


def _write_back_early(connection: Connection) -> None:
    connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint={SOON}").fetchall()
    connection.rollback()
