"""The journal: what people did here, on disk before it is shown, kept until no backup that needs it can come back."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, and_, delete, false, func, literal, or_, select, tuple_, update

from commandcenter.cache import meta, retention
from commandcenter.cache.clock_mark import ClockMark
from commandcenter.cache.engine import open_engine, transaction
from commandcenter.cache.faults import Damaged, DiskFault, ReadOnly
from commandcenter.cache.journal_schema import commands, drafts, inspect, migrate
from commandcenter.cache.lane import Lane
from commandcenter.cache.log_place import LogPlace
from commandcenter.cache.mirror import Standing
from commandcenter.cache.row import ENDED, OPEN, Row, RowState, read, written
from commandcenter.protocol.codec import Unreadable, decode, encode

T = TypeVar("T")
K = TypeVar("K", ClockMark, Standing, LogPlace)
_CLOCK, _MIRROR, _LOG = "clock", "mirror:", "log:"
_ENDED = tuple(state.value for state in ENDED)


class Journal:
    """`journal.db` of a profile; a method has committed when it returns, or raises DiskFault and changed nothing."""

    def __init__(self, file: Path, *, lane: Lane, now: Callable[[], float], new_id: Callable[[], str]) -> None:
        """Opens or makes the file, in the calling thread; NewerJournal, Damaged, ReadOnly."""
        inspect(file)
        self._lane = lane
        self._now = now
        self._engine = open_engine(file, synchronous="FULL")
        try:
            migrate(self._engine)
            with transaction(self._engine) as connection:
                self.console_id = _console_id(connection, new_id)
                self.clock_mark = _kept(connection, _CLOCK, ClockMark)
                self.log_places = _log_places(connection)
        except DiskFault as wrong:
            self._engine.dispose()
            raise ReadOnly(file) from wrong
        except BaseException:
            self._engine.dispose()
            raise

    async def open_rows(self) -> list[Row]:
        """What has not come to its end, in the order given; Damaged when a row cannot be read."""
        states = [state.value for state in OPEN]
        found = select(commands).where(commands.c.state.in_(states)).order_by(commands.c.cseq)
        return await self._do(lambda connection: _rows(connection, found))

    async def ended_rows(self, most: int = 200) -> list[Row]:
        """The last `most` that came to their end, oldest first."""
        found = select(commands).where(commands.c.state.in_(_ENDED)).order_by(commands.c.cseq.desc()).limit(most)
        return (await self._do(lambda connection: _rows(connection, found)))[::-1]

    async def find(self, cmd_id: str) -> Row | None:
        """The command, whatever has become of it."""
        found = select(commands).where(commands.c.cmd_id == cmd_id)
        return next(iter(await self._do(lambda connection: _rows(connection, found))), None)

    async def keep(self, row: Row) -> Row:
        """A new command, with its number in this console's order; ends the one that it replaces."""
        return await self._do(lambda connection: self._keep(connection, row))

    async def move(
        self, rows: Sequence[Row], *, shown: Standing | None = None, places: Sequence[LogPlace] = ()
    ) -> None:
        """Write the state, code, answer and place in the log of `rows`, all or none; `shown`: how far the mirror is.

        `places`: how far the logs are known to go, which has to be kept no later than what was acknowledged there.
        """

        def work(connection: Connection) -> None:
            for row in rows:
                connection.execute(_moved(row))
            if shown is not None and any(row.state is RowState.DONE for row in rows):
                _note_mirror(connection, shown)
            for place in places:
                meta.put(connection, f"{_LOG}{place.district}", encode(place).decode())

        await self._do(work)

    async def done_beyond(self, at: Standing) -> list[Row]:
        """What was done on this seat's mirror when it had come further than `at`: a power cut took back what was not
        flushed, even a file of whoever sat here before.
        """

        def work(connection: Connection) -> list[Row]:
            was = _kept(connection, _mirror(at), Standing)
            if was is None:
                return []
            place = tuple_(commands.c.epoch, commands.c.seq)
            lost = and_(place > _place(at), place <= _place(was))
            done = (commands.c.state == RowState.DONE.value, commands.c.district == at.district)
            return _rows(connection, select(commands).where(*done, lost).order_by(commands.c.cseq))

        return await self._do(work)

    async def trim(self, day: date, *, keep: int) -> int:
        """On `day`, by the platform's clock: how many commands were deleted, having ended `keep` such days ago."""
        return await self._do(lambda connection: retention.trim(connection, day, keep=keep))

    async def set_clock(self, mark: ClockMark) -> None:
        """What the platform's clock said last, for the next start."""
        await self._do(lambda connection: meta.put(connection, _CLOCK, encode(mark).decode()))

    async def lost_by_restore(self, district: str, epoch: int, bases: dict[str, int]) -> list[Row]:
        """What the platform acknowledged in an earlier epoch, and no longer has after its restore to `bases`."""
        acknowledged = commands.c.state.in_([RowState.SENT.value, RowState.DONE.value])
        here = and_(commands.c.district == district, acknowledged)

        def work(connection: Connection) -> list[Row]:
            earlier = connection.execute(select(commands.c.epoch).where(here, commands.c.epoch < epoch).distinct())
            kept = {old: _kept_of(old, epoch, bases) for old in earlier.scalars().all()}
            lost = [and_(commands.c.epoch == old, commands.c.seq > seq) for old, seq in kept.items() if seq is not None]
            return _rows(connection, select(commands).where(here, or_(false(), *lost)).order_by(commands.c.cseq))

        return await self._do(work)

    async def dropped_before(self, district: str, epoch: int) -> list[Row]:
        """What was dropped, and is not known to have had no effect in the log of `epoch`."""
        before = (commands.c.district == district, or_(commands.c.epoch.is_(None), commands.c.epoch < epoch))
        found = select(commands).where(commands.c.state == RowState.DROPPED.value, *before).order_by(commands.c.cseq)
        return await self._do(lambda connection: _rows(connection, found))

    async def keep_draft(self, user: str, key: str, body: bytes | None) -> None:
        """What somebody is in the middle of writing (never personal data); None takes it away."""
        await self._do(lambda connection: self._keep_draft(connection, user, key, body))

    async def draft(self, user: str, key: str) -> bytes | None:
        """What `user` left unfinished under `key`."""
        found = select(drafts.c.body).where(drafts.c.user == user, drafts.c.key == key)
        return await self._do(lambda connection: connection.execute(found).scalar())

    async def close(self) -> None:
        """Let go of the file."""
        await self._lane.run(self._engine.dispose)
        self._lane.close()

    async def _do(self, work: Callable[[Connection], T]) -> T:
        def whole() -> T:
            with transaction(self._engine) as connection:
                return work(connection)

        return await self._lane.run(whole)

    def _keep(self, connection: Connection, row: Row) -> Row:
        last = connection.execute(select(func.max(commands.c.cseq))).scalar() or 0
        spent = int(meta.value_of(connection, "last_cseq") or 0)
        kept = replace(row, cseq=max(last, spent) + 1)
        connection.execute(commands.insert().values(**written(kept)))
        meta.put(connection, "last_cseq", str(kept.cseq))
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


def _rows(connection: Connection, found: Any) -> list[Row]:
    try:
        return [read(kept) for kept in connection.execute(found)]
    except (Unreadable, ValueError, TypeError) as wrong:
        raise Damaged(connection.engine.url.database) from wrong


def _moved(row: Row) -> Any:
    changes: dict[str, object] = {name: getattr(row, name) for name in ("code", "about", "result", "epoch", "seq")}
    changes["state"] = row.state.value
    changes["moved_at"] = row.moved_at.isoformat() if row.moved_at else None
    changes["ended_at"] = row.moved_at.timestamp() if row.moved_at and row.state in ENDED else None
    changes["ended_day"] = None  # counted by the next trim
    return update(commands).where(commands.c.cmd_id == row.cmd_id).values(**changes)


def _mirror(at: Standing) -> str:
    """The key under which it is kept how far the mirror of this seat came."""
    return f"{_MIRROR}{encode((at.user, at.district, at.lineage)).decode()}"


def _note_mirror(connection: Connection, shown: Standing) -> None:
    """How far this seat's mirror has ever come, also when a power cut has taken it back since."""
    was = _kept(connection, _mirror(shown), Standing)
    if was is None or (was.epoch, was.seq) < (shown.epoch, shown.seq):
        meta.put(connection, _mirror(shown), encode(shown).decode())


def _place(at: Standing) -> ColumnElement[Any]:
    return tuple_(literal(at.epoch), literal(at.seq))


def _kept_of(old: int, epoch: int, bases: dict[str, int]) -> int | None:
    """How far the log of the epoch `old` is still there in `epoch`; None: nothing of it was taken back."""
    restored = [seq for began, seq in bases.items() if began.isdecimal() and old < int(began) <= epoch]
    return min(restored, default=None)


def _log_places(connection: Connection) -> tuple[LogPlace, ...]:
    kept = (_kept(connection, key, LogPlace) for key in meta.keys(connection, _LOG))
    return tuple(place for place in kept if place is not None)


def _console_id(connection: Connection, new_id: Callable[[], str]) -> str:
    known = meta.value_of(connection, "console_id")
    if known is None:
        known = new_id()
        meta.put(connection, "console_id", known)
    return known


def _kept(connection: Connection, key: str, of: type[K]) -> K | None:
    """What is kept under `key`; None as well when it cannot be read: nothing hangs on it but comfort."""
    with suppress(Unreadable):
        return decode((meta.value_of(connection, key) or "").encode(), of)
    return None
