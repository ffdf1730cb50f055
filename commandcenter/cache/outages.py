"""The file of outages: when this seat could not hear its platform; kept across restarts, nothing hangs on it."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from commandcenter.cache.worker import Worker
from commandcenter.protocol.codec import Unreadable, decode, encode

MOST = 100


@dataclass(frozen=True, slots=True)
class Outage:
    """One time without the platform, by the platform's clock as known (UTC); `until` None: it lasts.

    `code` says why. `kept` acts were given meanwhile; `settled_at`: when the last of them had its answer, and `asked`
    how many of them wait for a person since.
    """

    since: datetime
    code: str
    until: datetime | None = None
    kept: int = 0
    settled_at: datetime | None = None
    asked: int = 0


class OutageFile:
    """`outages.json` of a profile: the last hundred, oldest first."""

    def __init__(self, file: Path, *, worker: Worker) -> None:
        self._file = file
        self._worker = worker

    async def load(self) -> tuple[Outage, ...]:
        """What is kept; nothing when there is none, or it cannot be read."""
        return await self._worker.run(self._read)

    async def keep(self, outages: tuple[Outage, ...]) -> None:
        """Write them in place of what was there; OSError."""
        await self._worker.run(lambda: self._write(outages))

    def close(self) -> None:
        """Let go of the writer."""
        self._worker.close()

    def _read(self) -> tuple[Outage, ...]:
        try:
            return decode(self._file.read_bytes(), tuple[Outage, ...])
        except (OSError, Unreadable):
            return ()

    def _write(self, outages: tuple[Outage, ...]) -> None:
        fresh = self._file.with_suffix(".new")
        with fresh.open("wb") as out:
            out.write(encode(outages[-MOST:]))
            out.flush()
            os.fsync(out.fileno())  # or a power cut leaves the new name with nothing behind it
        os.replace(fresh, self._file)
