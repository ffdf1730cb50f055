"""Keeps the mirror: the records as the platform last sent them, with their position in the platform's event log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from zlib import crc32

from sqlalchemy import Connection, String, and_, bindparam, cast, delete, func, insert, not_, or_, select, update

from commandcenter.cache import history
from commandcenter.cache.cache_file import CacheFile, facts, mirror_position, records, staged
from commandcenter.cache.faults import FileFault
from commandcenter.domain.records import KINDS, Record, Ref, kind_of, ref_of
from commandcenter.protocol.codec import RecordEnvelope, Unreadable, decode, encode, read_record
from commandcenter.protocol.digest import board_digest
from commandcenter.protocol.events import Evict, Frame
from commandcenter.protocol.validity import validated

_PUT = insert(records).prefix_with("OR REPLACE")  # compiled only once, unlike "on conflict"
_PUT_POSITION = insert(mirror_position).prefix_with("OR REPLACE")
_MOVE_POSITION = update(mirror_position).values(body=bindparam("to"))


@dataclass(frozen=True, slots=True)
class MirrorPosition:
    """Identifies the mirror's content: whose view of which event log, up to the cursor `epoch`:`seq`.

    `lineage` identifies the platform itself, so that another platform that counts the same numbers is not mistaken for
    it. `cursor_token` is the token that the platform issued for this cursor ("" when it issued none).
    """

    user: str
    district: str
    lineage: str
    epoch: int
    scope_ver: int
    seq: int
    cursor_token: str = ""

    def after(self, frame: Frame | Evict) -> "MirrorPosition":
        """Returns this position moved to the cursor of `frame`."""
        return replace(self, seq=frame.seq, cursor_token=frame.cursor_token or "")

    def is_of(self, user: str, district: str, lineage: str) -> bool:
        """Whether the mirror may be shown to `user` of `district`, and continued from the platform `lineage`."""
        return (self.user, self.district, self.lineage) == (user, district, lineage)


@dataclass(frozen=True, slots=True)
class MirrorChange:
    """The net effect of a run of frames: the newest version of each changed record, and the evicted records."""

    records: tuple[Record, ...] = ()
    evicted: tuple[Ref, ...] = ()


@dataclass(slots=True)
class _NetChange:
    put: dict[Ref, Record | None] = field(default_factory=dict)

    def add(self, frame: Frame | Evict) -> None:
        if isinstance(frame, Frame):
            self.put |= {ref_of(record): record for record in _read(frame.records)}
        gone = frame.evicted if isinstance(frame, Frame) else frame.records
        self.put |= {(ref.kind, ref.id): None for ref in gone if ref.kind in KINDS}

    def change(self) -> MirrorChange:
        gone = tuple(ref for ref, record in self.put.items() if record is None)
        return MirrorChange(tuple(record for record in self.put.values() if record is not None), gone)


class Mirror:
    """Stores records and cursor; both change in one transaction.

    When the file cannot be trusted it is emptied, and a new snapshot is needed.
    """

    def __init__(self, file: CacheFile) -> None:
        self._file = file
        self._coming: set[Ref] = set()  # (kind, id) of the records staged so far

    async def load(self) -> tuple[MirrorPosition, list[Record]] | None:
        """Returns position and records as the last run left them, each record verified by its checksum.

        Returns None, and clears the cache file when a record is damaged, if there is nothing reliable.
        """
        try:
            return await self._file.run(_load, lambda: None)
        except (Unreadable, ValueError) as wrong:
            await self._file.clear(f"a record of the cache: {wrong}")
            return None

    async def begin(self) -> None:
        """Starts to receive a snapshot, which is staged apart from the present records."""
        self._coming = set()
        await self._file.run(lambda connection: connection.execute(delete(staged)), lambda: None)

    async def stage(self, kept: Sequence[RecordEnvelope]) -> list[Record]:
        """Stages records of the incoming snapshot and returns them decoded.

        Raises Unreadable when a record violates the protocol or occurs twice in the snapshot.
        """
        read = list(_once(_read(kept), self._coming))

        def work(connection: Connection) -> list[Record]:
            if read:
                connection.execute(insert(staged), [_written(record) for record in read])
            return read

        return await self._file.run(work, lambda: read)

    async def finish(self, at: MirrorPosition) -> bool:
        """Replaces the records by the staged snapshot in one transaction.

        Returns False when the file failed since `begin`.
        """

        def work(connection: Connection) -> bool:
            if connection.execute(select(func.count()).select_from(staged)).scalar_one() != len(self._coming):
                raise FileFault("a piece of the snapshot is missing: the file was made anew since")
            connection.execute(delete(records))
            connection.execute(insert(records).from_select(records.columns.keys(), select(staged)))
            connection.execute(delete(staged))
            connection.execute(delete(facts))
            _put_position(connection, at)
            return True

        return await self._file.run(work, lambda: False)

    async def apply(self, at: MirrorPosition, frames: Sequence[Frame | Evict]) -> tuple[MirrorChange, bool]:
        """Applies frames in order and moves the cursor past the last one, in one transaction.

        Returns the net change and whether it was stored. Raises Unreadable when a frame violates the protocol; then
        none of the frames is stored.
        """

        def change() -> MirrorChange:
            sum_ = _NetChange()
            for frame in frames:
                sum_.add(frame)
            return sum_.change()

        def work(connection: Connection) -> tuple[MirrorChange, bool]:
            change_ = change()
            for kind, key in change_.evicted:
                connection.execute(delete(records).where(records.c.kind == kind, records.c.id == key))
            _put(connection, change_.records)
            history.append(connection, [frame for frame in frames if isinstance(frame, Frame)], change_.evicted)
            _move_position(connection, at.after(frames[-1]))
            return change_, True

        return await self._file.run(work, lambda: (change(), False))

    async def digest(self) -> str:
        """Returns the digest to compare with that of a heartbeat (see `protocol.digest`); "" on a file fault."""
        return await self._file.run(_digest, lambda: "")

    async def delete_ended(self, refs: Sequence[Ref]) -> None:
        """Deletes records that leave the board by age, not by a frame."""
        gone = or_(*(and_(records.c.kind == kind, records.c.id == key) for kind, key in refs))
        await self._file.run(lambda connection: connection.execute(delete(records).where(gone)), lambda: None)

    async def forget(self, reason: str) -> None:
        """Empties the cache file, because another user signs in or the content is in doubt; `reason` is noted."""
        await self._file.clear(reason)


def _load(connection: Connection) -> tuple[MirrorPosition, list[Record]] | None:
    body = connection.execute(select(mirror_position.c.body)).scalar()
    if body is None:
        return None
    read = []
    for row in connection.execute(select(records)):
        if row.proof != _proof(row.kind, row.id, row.rev, row.body):
            raise Unreadable(f"{row.kind} {row.id}")
        read.append(read_record(row.kind, row.body))
    return decode(body, MirrorPosition), read


def _read(kept: Iterable[RecordEnvelope]) -> Iterable[Record]:
    """Yields the decoded and validated records; skips kinds unknown here, which a newer platform may have added."""
    return (validated(read_record(one.kind, one.record)) for one in kept if one.kind in KINDS)


def _once(read: Iterable[Record], refs: set[Ref]) -> Iterable[Record]:
    for record in read:
        ref = ref_of(record)
        if ref in refs:
            raise Unreadable(f"{ref[0]} {record.id} twice")
        refs.add(ref)
        yield record


def _put(connection: Connection, changed: Sequence[Record]) -> None:
    if changed:
        connection.execute(_PUT, [_written(record) for record in changed])


def _put_position(connection: Connection, at: MirrorPosition) -> None:
    connection.execute(_PUT_POSITION, {"one": 1, "body": encode(at)})


def _move_position(connection: Connection, at: MirrorPosition) -> None:
    """Moves the stored cursor. Raises FileFault when there is none, as in a file that was rebuilt meanwhile."""
    if connection.execute(_MOVE_POSITION, {"to": encode(at)}).rowcount != 1:
        raise FileFault("the board is not in the file: it was made anew since")


def _written(record: Record) -> dict[str, object]:
    kind, body = kind_of(record), encode(record)
    proof = _proof(kind, record.id, record.rev, body)
    return {"kind": kind, "id": record.id, "rev": record.rev, "body": body, "proof": proof}


def _proof(kind: str, key: str, rev: int, body: bytes) -> int:
    return crc32(body, crc32(f"{kind} {key} {rev}".encode()))


def _digest(connection: Connection) -> str:
    ended = func.json_extract(cast(records.c.body, String), "$.ended_at").is_not(None)
    found = select(records.c.kind, records.c.id, records.c.rev).where(not_(ended))
    return board_digest((row.kind, row.id, row.rev) for row in connection.execute(found))
