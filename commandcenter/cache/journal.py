"""Keeps the journal: every command given at this console, stored before it is shown."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, and_, delete, false, func, literal, or_, select, tuple_, update

from commandcenter.cache import journal_meta, retention
from commandcenter.cache.clock_mark import ClockMark
from commandcenter.cache.engine import open_engine, transaction
from commandcenter.cache.faults import Damaged, DiskFault, ReadOnly
from commandcenter.cache.journal_row import ENDED, OPEN, JournalRow, RowState, row_columns, row_from_columns
from commandcenter.cache.journal_schema import commands, drafts, inspect, migrate
from commandcenter.cache.log_position import KnownLogPosition
from commandcenter.cache.mirror import MirrorPosition
from commandcenter.cache.worker import Worker
from commandcenter.protocol.codec import Unreadable, decode, encode

T = TypeVar("T")
K = TypeVar("K", ClockMark, MirrorPosition, KnownLogPosition)
_CLOCK, _MIRROR, _LOG = "clock", "mirror:", "log:"
_ENDED = tuple(state.value for state in ENDED)


class Journal:
    """The database `journal.db` of a profile.

    A method has committed when it returns; when it raises DiskFault, nothing has changed. Ended commands are kept as
    long as a backup that predates them may be restored.
    """

    def __init__(self, file: Path, *, worker: Worker, now: Callable[[], float], new_id: Callable[[], str]) -> None:
        """Opens or creates the file, in the calling thread. Raises NewerJournal, Damaged or ReadOnly."""
        inspect(file)
        self._worker = worker
        self._now = now
        self._engine = open_engine(file, synchronous="FULL")
        try:
            migrate(self._engine)
            with transaction(self._engine) as connection:
                self.console_id = _console_id(connection, new_id)
                self.clock_mark = _read_meta(connection, _CLOCK, ClockMark)
                self.log_places = _log_places(connection)
        except DiskFault as wrong:
            self._engine.dispose()
            raise ReadOnly(file) from wrong
        except BaseException:
            self._engine.dispose()
            raise

    async def open_rows(self) -> list[JournalRow]:
        """Returns the commands that have not ended, in the order given. Raises Damaged when a row cannot be read."""
        states = [state.value for state in OPEN]
        found = select(commands).where(commands.c.state.in_(states)).order_by(commands.c.cseq)
        return await self._do(lambda connection: _rows(connection, found))

    async def ended_rows(self, most: int = 200) -> list[JournalRow]:
        """Returns the last `most` commands that have ended, oldest first."""
        found = select(commands).where(commands.c.state.in_(_ENDED)).order_by(commands.c.cseq.desc()).limit(most)
        return (await self._do(lambda connection: _rows(connection, found)))[::-1]

    async def find(self, cmd_id: str) -> JournalRow | None:
        """Returns the command in whatever state; None when it is not in the journal."""
        found = select(commands).where(commands.c.cmd_id == cmd_id)
        return next(iter(await self._do(lambda connection: _rows(connection, found))), None)

    async def keep(self, row: JournalRow) -> JournalRow:
        """Stores a new command and returns it with its sequence number (`cseq`); drops the command that it replaces."""
        return await self._do(lambda connection: self._keep(connection, row))

    async def move(
        self,
        rows: Sequence[JournalRow],
        *,
        shown: MirrorPosition | None = None,
        places: Sequence[KnownLogPosition] = (),
    ) -> None:
        """Writes state, code, answer and log position of `rows`, all or none.

        `shown` is the mirror's position; it is stored when a row is done, see `done_beyond`. `places` are the latest
        known log positions, which must be stored no later than the acknowledgements that they come with.
        """

        def work(connection: Connection) -> None:
            for row in rows:
                connection.execute(_moved(row))
            if shown is not None and any(row.state is RowState.DONE for row in rows):
                _note_mirror(connection, shown)
            for place in places:
                journal_meta.put(connection, f"{_LOG}{place.district}", encode(place).decode())

        await self._do(work)

    async def done_beyond(self, at: MirrorPosition) -> list[JournalRow]:
        """Returns the done commands whose effect lies beyond `at`, this seat's mirror position, although it had it.

        The mirror is not flushed on every commit as the journal is, so a power cut can set it back, even to the file of
        another user who was signed in before.
        """

        def work(connection: Connection) -> list[JournalRow]:
            was = _read_meta(connection, _mirror(at), MirrorPosition)
            if was is None:
                return []
            place = tuple_(commands.c.epoch, commands.c.seq)
            lost = and_(place > _place(at), place <= _place(was))
            done = (commands.c.state == RowState.DONE.value, commands.c.district == at.district)
            return _rows(connection, select(commands).where(*done, lost).order_by(commands.c.cseq))

        return await self._do(work)

    async def trim(self, day: date, *, keep: int) -> int:
        """Trims ended commands (see `cache.retention.trim`); returns how many were deleted."""
        return await self._do(lambda connection: retention.trim(connection, day, keep=keep))

    async def set_clock(self, mark: ClockMark) -> None:
        """Stores the last reading of the platform's clock for the next start."""
        await self._do(lambda connection: journal_meta.put(connection, _CLOCK, encode(mark).decode()))

    async def lost_by_restore(self, district: str, epoch: int, bases: dict[str, int]) -> list[JournalRow]:
        """Returns the commands acknowledged in an earlier epoch whose effect was undone by a restore.

        `bases` maps each epoch (as text) to the sequence at which it began.
        """
        acknowledged = commands.c.state.in_([RowState.SENT.value, RowState.DONE.value])
        here = and_(commands.c.district == district, acknowledged)

        def work(connection: Connection) -> list[JournalRow]:
            earlier = connection.execute(select(commands.c.epoch).where(here, commands.c.epoch < epoch).distinct())
            kept = {old: _last_kept_seq(old, epoch, bases) for old in earlier.scalars().all()}
            lost = [and_(commands.c.epoch == old, commands.c.seq > seq) for old, seq in kept.items() if seq is not None]
            return _rows(connection, select(commands).where(here, or_(false(), *lost)).order_by(commands.c.cseq))

        return await self._do(work)

    async def dropped_before(self, district: str, epoch: int) -> list[JournalRow]:
        """Returns the dropped commands that are not known to have had no effect in the log of `epoch`."""
        before = (commands.c.district == district, or_(commands.c.epoch.is_(None), commands.c.epoch < epoch))
        found = select(commands).where(commands.c.state == RowState.DROPPED.value, *before).order_by(commands.c.cseq)
        return await self._do(lambda connection: _rows(connection, found))

    async def keep_draft(self, user: str, key: str, body: bytes | None) -> None:
        """Stores an unfinished form of `user` (never personal data); None as `body` deletes it."""
        await self._do(lambda connection: self._keep_draft(connection, user, key, body))

    async def draft(self, user: str, key: str) -> bytes | None:
        """Returns what `user` left unfinished under `key`; None when there is nothing."""
        found = select(drafts.c.body).where(drafts.c.user == user, drafts.c.key == key)
        return await self._do(lambda connection: connection.execute(found).scalar())

    async def close(self) -> None:
        """Closes the file and ends the worker."""
        await self._worker.run(self._engine.dispose)
        self._worker.close()

    async def _do(self, work: Callable[[Connection], T]) -> T:
        def whole() -> T:
            with transaction(self._engine) as connection:
                return work(connection)

        return await self._worker.run(whole)

    def _keep(self, connection: Connection, row: JournalRow) -> JournalRow:
        last = connection.execute(select(func.max(commands.c.cseq))).scalar() or 0
        spent = int(journal_meta.value_of(connection, "last_cseq") or 0)
        kept = replace(row, cseq=max(last, spent) + 1)
        connection.execute(commands.insert().values(**row_columns(kept)))
        journal_meta.put(connection, "last_cseq", str(kept.cseq))
        if row.replaces is not None:
            former = update(commands).where(commands.c.cmd_id == row.replaces)
            ended = {"state": RowState.DROPPED.value, "code": "replaced", "about": row.cmd_id, "ended_day": None}
            times = {"ended_at": row.made_at.timestamp(), "moved_at": row.made_at.isoformat()}
            connection.execute(former.values(**ended, **times))
        return kept

    def _keep_draft(self, connection: Connection, user: str, key: str, body: bytes | None) -> None:
        connection.execute(delete(drafts).where(drafts.c.user == user, drafts.c.key == key))
        if body is not None:
            connection.execute(drafts.insert().values(user=user, key=key, body=body, at=self._now()))


def _rows(connection: Connection, found: Any) -> list[JournalRow]:
    try:
        return [row_from_columns(kept) for kept in connection.execute(found)]
    except (Unreadable, ValueError, TypeError) as wrong:
        raise Damaged(connection.engine.url.database) from wrong


def _moved(row: JournalRow) -> Any:
    changes: dict[str, object] = {name: getattr(row, name) for name in ("code", "about", "result", "epoch", "seq")}
    changes["state"] = row.state.value
    changes["moved_at"] = row.moved_at.isoformat() if row.moved_at else None
    changes["ended_at"] = row.moved_at.timestamp() if row.moved_at and row.state in ENDED else None
    changes["ended_day"] = None  # set by the next trim
    return update(commands).where(commands.c.cmd_id == row.cmd_id).values(**changes)


def _mirror(at: MirrorPosition) -> str:
    """Returns the key under which the position of this seat's mirror is kept."""
    return f"{_MIRROR}{encode((at.user, at.district, at.lineage)).decode()}"


def _note_mirror(connection: Connection, shown: MirrorPosition) -> None:
    """Writes down the furthest position this mirror ever had; a power cut may take the mirror itself back."""
    was = _read_meta(connection, _mirror(shown), MirrorPosition)
    if was is None or (was.epoch, was.seq) < (shown.epoch, shown.seq):
        journal_meta.put(connection, _mirror(shown), encode(shown).decode())


def _place(at: MirrorPosition) -> ColumnElement[Any]:
    return tuple_(literal(at.epoch), literal(at.seq))


def _last_kept_seq(old: int, epoch: int, bases: dict[str, int]) -> int | None:
    """Returns the last sequence of epoch `old` that the log of `epoch` still contains; None when nothing was undone."""
    restored = [seq for began, seq in bases.items() if began.isdecimal() and old < int(began) <= epoch]
    return min(restored, default=None)


def _log_places(connection: Connection) -> tuple[KnownLogPosition, ...]:
    kept = (_read_meta(connection, key, KnownLogPosition) for key in journal_meta.keys(connection, _LOG))
    return tuple(place for place in kept if place is not None)


def _console_id(connection: Connection, new_id: Callable[[], str]) -> str:
    known = journal_meta.value_of(connection, "console_id")
    if known is None:
        known = new_id()
        journal_meta.put(connection, "console_id", known)
    return known


def _read_meta(connection: Connection, key: str, of: type[K]) -> K | None:
    """Returns the value stored under `key`; None when missing or unreadable, since nothing essential depends on it."""
    with suppress(Unreadable):
        return decode((journal_meta.value_of(connection, key) or "").encode(), of)
    return None
