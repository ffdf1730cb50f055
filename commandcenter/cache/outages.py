"""Stores the history of outages (times without the platform) across restarts; no other data depends on it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from commandcenter.cache.worker import Worker
from commandcenter.files.durable import replace_file
from commandcenter.protocol.codec import Unreadable, decode, encode

MOST = 100


@dataclass(frozen=True, slots=True)
class Outage:
    """One period without the platform, by the platform's clock as known (UTC); `until` is None while it lasts.

    `code` is its cause. `kept` is the number of acts given during the outage; `settled_at` is when none of them was on
    its way any more, and `asked` how many of them then needed a person's decision.
    """

    since: datetime
    code: str
    until: datetime | None = None
    kept: int = 0
    settled_at: datetime | None = None
    asked: int = 0


class OutageFile:
    """The file `outages.json` of a profile: the last hundred outages, oldest first."""

    def __init__(self, file: Path, *, worker: Worker) -> None:
        self._file = file
        self._worker = worker

    async def load(self) -> tuple[Outage, ...]:
        """Returns the stored outages; empty when there are none or the file cannot be read."""
        return await self._worker.run(self._read)

    async def keep(self, outages: tuple[Outage, ...]) -> None:
        """Replaces the stored outages. Raises OSError."""
        await self._worker.run(lambda: self._write(outages))

    def close(self) -> None:
        """Ends the worker."""
        self._worker.close()

    def _read(self) -> tuple[Outage, ...]:
        try:
            return decode(self._file.read_bytes(), tuple[Outage, ...])
        except (OSError, Unreadable):
            return ()

    def _write(self, outages: tuple[Outage, ...]) -> None:
        replace_file(self._file, encode(outages[-MOST:]))
