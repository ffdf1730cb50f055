"""The journal: what people did at this console, on disk before it is shown, never deleted until long after its end."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, and_, delete, func, or_, select, update

from commandcenter.cache.engine import open_engine, transaction
from commandcenter.cache.faults import Damaged, DiskFault, ReadOnly
from commandcenter.cache.journal_schema import commands, drafts, inspect, meta, migrate
from commandcenter.cache.lane import Lane
from commandcenter.cache.row import ENDED, OPEN, Row, RowState, read, written
from commandcenter.protocol.codec import Unreadable

T = TypeVar("T")
KEEP_RESULTS = 30 * 86400.0
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
                ended = commands.c.ended_at < now() - KEEP_RESULTS
                connection.execute(delete(commands).where(commands.c.state.in_(_ENDED), ended))
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

    async def move(self, rows: Sequence[Row]) -> None:
        """Write the state, code, answer and place in the log of `rows`, all or none."""
        await self._do(lambda connection: [connection.execute(self._moved(row)) for row in rows])

    async def lost_by_restore(self, district: str, epoch: int, bases: dict[str, int]) -> list[Row]:
        """What the platform acknowledged in an earlier epoch, and no longer has after its restore to `bases`."""
        acknowledged = commands.c.state.in_([RowState.SENT.value, RowState.DONE.value])
        earlier = and_(commands.c.district == district, commands.c.epoch < epoch, commands.c.seq.is_not(None))
        found = select(commands).where(acknowledged, earlier)
        rows = await self._do(lambda connection: _rows(connection, found.order_by(commands.c.cseq)))
        return [row for row in rows if _is_lost(row, epoch, bases)]

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
        spent = int(_meta(connection, "last_cseq") or 0)
        kept = replace(row, cseq=max(last, spent) + 1)
        connection.execute(commands.insert().values(**written(kept)))
        _set_meta(connection, "last_cseq", str(kept.cseq))
        if row.replaces is not None:
            former = update(commands).where(commands.c.cmd_id == row.replaces)
            ended = {"state": RowState.DROPPED.value, "code": "replaced", "about": row.cmd_id}
            connection.execute(former.values(ended_at=self._now(), moved_at=row.made_at.isoformat(), **ended))
        return kept

    def _moved(self, row: Row) -> Any:
        changes: dict[str, object] = {name: getattr(row, name) for name in ("code", "about", "result", "epoch", "seq")}
        changes["state"] = row.state.value
        changes["moved_at"] = row.moved_at.isoformat() if row.moved_at else None
        changes["ended_at"] = self._now() if row.state in ENDED else None
        return update(commands).where(commands.c.cmd_id == row.cmd_id).values(**changes)

    def _keep_draft(self, connection: Connection, user: str, key: str, body: bytes | None) -> None:
        connection.execute(delete(drafts).where(drafts.c.user == user, drafts.c.key == key))
        if body is not None:
            connection.execute(drafts.insert().values(user=user, key=key, body=body, at=self._now()))


def _rows(connection: Connection, found: Any) -> list[Row]:
    try:
        return [read(kept) for kept in connection.execute(found)]
    except (Unreadable, ValueError, TypeError) as wrong:
        raise Damaged(connection.engine.url.database) from wrong


def _is_lost(row: Row, epoch: int, bases: dict[str, int]) -> bool:
    """Whether any restore since the row's own epoch went back to before its place in the log."""
    restored = [seq for began, seq in bases.items() if began.isdecimal() and (row.epoch or 0) < int(began) <= epoch]
    return row.seq is not None and bool(restored) and row.seq > min(restored)


def _console_id(connection: Connection, new_id: Callable[[], str]) -> str:
    known = _meta(connection, "console_id")
    if known is None:
        known = new_id()
        _set_meta(connection, "console_id", known)
    return known


def _meta(connection: Connection, key: str) -> str | None:
    found: str | None = connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()
    return found


def _set_meta(connection: Connection, key: str, value: str) -> None:
    connection.execute(meta.insert().prefix_with("OR REPLACE"), {"key": key, "value": value})
