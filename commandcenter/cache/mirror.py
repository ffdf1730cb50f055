"""Keeps the mirror: the records as the platform last sent them, with their position in the platform's event log."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

from sqlalchemy import Connection, String, Table, and_, bindparam, cast, delete, func, insert, not_, or_, select, update

from commandcenter.cache import history
from commandcenter.cache.cache_file import CacheFile, facts, last_read, mirror_position, records, staged
from commandcenter.cache.faults import FileFault
from commandcenter.cache.last_read import keep
from commandcenter.domain.records import KINDS, Record, Ref
from commandcenter.protocol.codec import (
    NewerContent,
    RecordEnvelope,
    RecordIdentity,
    Unreadable,
    decode,
    encode,
    read_record,
)
from commandcenter.protocol.digest import board_digest
from commandcenter.protocol.events import Evict, Frame
from commandcenter.protocol.validity import check_identity, validated

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


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A record as it came; `record` is None when a newer platform sent what this program cannot read."""

    ref: Ref
    rev: int
    body: bytes
    record: Record | None

    def row(self) -> dict[str, object]:
        """Returns it as it is stored: whole, so that a later version finds what this one does not know."""
        kind, key = self.ref
        proof = _proof(kind, key, self.rev, self.body)
        return {"kind": kind, "id": key, "rev": self.rev, "body": self.body, "proof": proof}


@dataclass(frozen=True, slots=True)
class _NetChange:
    put: dict[Ref, _Arrival | None]

    @classmethod
    def of(cls, frames: Iterable[Frame | Evict]) -> "_NetChange":
        put: dict[Ref, _Arrival | None] = {}
        for frame in frames:
            if isinstance(frame, Frame):
                put |= {one.ref: one for one in _read(frame.records)}
            gone = frame.evicted if isinstance(frame, Frame) else frame.records
            put |= {(ref.kind, ref.id): None for ref in gone}
        return cls(put)

    @property
    def gone(self) -> list[Ref]:
        return [ref for ref, one in self.put.items() if one is None]

    @property
    def arrived(self) -> list[_Arrival]:
        return [one for one in self.put.values() if one is not None]

    @property
    def unread(self) -> set[Ref]:
        return {one.ref for one in self.arrived if one.record is None}

    def change(self) -> MirrorChange:
        gone = tuple(ref for ref in self.gone if ref[0] in KINDS)
        return MirrorChange(tuple(one.record for one in self.arrived if one.record is not None), gone)

    def write(self, connection: Connection) -> None:
        for kind, key in self.gone:
            connection.execute(delete(records).where(records.c.kind == kind, records.c.id == key))
        if self.arrived:
            connection.execute(_PUT, [one.row() for one in self.arrived])


class Mirror:
    """Stores records and cursor; both change in one transaction.

    When the file cannot be trusted it is emptied, and a new snapshot is needed. Records of a newer platform, which this
    program cannot read (`unread`), are stored for the version that can, beside what was last read of them; `outgrown`
    is called with their number when it may have changed.
    """

    def __init__(self, file: CacheFile, outgrown: Callable[[int], None] = lambda count: None) -> None:
        self._file = file
        self._outgrown = outgrown
        self.unread: set[Ref] = set()
        self._coming: dict[Ref, bool] = {}  # the records staged so far, and whether each can be read

    async def load(self) -> tuple[MirrorPosition, list[Record]] | None:
        """Returns position and records as the last run showed them, each record verified by its checksum.

        Returns None, and clears the cache file when a record is damaged, if there is nothing reliable.
        """
        try:
            found = await self._file.run(_load, lambda: None)
            self._leave_unread(set() if found is None else found[2])
            return found and found[:2]
        except (Unreadable, ValueError) as wrong:
            await self._file.clear(f"a record of the cache: {wrong}")
            return None

    async def begin(self) -> None:
        """Starts to receive a snapshot, which is staged apart from the present records."""
        self._coming = {}
        await self._file.run(lambda connection: connection.execute(delete(staged)), lambda: None)

    async def stage(self, kept: Sequence[RecordEnvelope]) -> list[Record]:
        """Stages records of the incoming snapshot and returns those that can be read, decoded.

        Raises Unreadable when a record violates the protocol or occurs twice in the snapshot.
        """
        arrived = list(_once(_read(kept), self._coming))
        read = [one.record for one in arrived if one.record is not None]

        def work(connection: Connection) -> list[Record]:
            if arrived:
                connection.execute(insert(staged), [one.row() for one in arrived])
            return read

        return await self._file.run(work, lambda: read)

    async def finish(self, at: MirrorPosition) -> bool:
        """Replaces the records by the staged snapshot in one transaction.

        Returns False when the file failed since `begin`.
        """
        before, unread = self.unread, {ref for ref, is_read in self._coming.items() if not is_read}

        def work(connection: Connection) -> bool:
            if connection.execute(select(func.count()).select_from(staged)).scalar_one() != len(self._coming):
                raise FileFault("a piece of the snapshot is missing: the file was made anew since")
            keep(connection, unread - before, before - unread)
            connection.execute(delete(records))
            connection.execute(insert(records).from_select(records.columns.keys(), select(staged)))
            connection.execute(delete(staged))
            connection.execute(delete(facts))
            _put_position(connection, at)
            return True

        self._leave_unread(unread)
        return await self._file.run(work, lambda: False)

    async def apply(self, at: MirrorPosition, frames: Sequence[Frame | Evict]) -> tuple[MirrorChange, bool]:
        """Applies frames in order and moves the cursor past the last one, in one transaction.

        Returns the net change and whether it was stored. Raises Unreadable when a frame violates the protocol; then
        none of the frames is stored.
        """

        before = self.unread

        def work(connection: Connection) -> tuple[_NetChange, bool]:
            net = _NetChange.of(frames)
            keep(connection, net.unread - before, before & (net.put.keys() - net.unread))
            net.write(connection)
            history.append(connection, [frame for frame in frames if isinstance(frame, Frame)], net.gone)
            _move_position(connection, at.after(frames[-1]))
            return net, True

        net, is_kept = await self._file.run(work, lambda: (_NetChange.of(frames), False))
        self._leave_unread((self.unread - net.put.keys()) | net.unread)
        return net.change(), is_kept

    async def digest(self) -> str:
        """Returns the digest to compare with that of a heartbeat (see `protocol.digest`); "" on a file fault."""
        return await self._file.run(_digest, lambda: "")

    async def delete_ended(self, refs: Sequence[Ref]) -> None:
        """Deletes records that leave the board by age, not by a frame."""
        gone = or_(*(and_(records.c.kind == kind, records.c.id == key) for kind, key in refs))
        await self._file.run(lambda connection: connection.execute(delete(records).where(gone)), lambda: None)
        self._leave_unread(self.unread.difference(refs))

    async def forget(self, reason: str) -> None:
        """Empties the cache file, because another user signs in or the content is in doubt; `reason` is noted."""
        self._leave_unread(set())
        await self._file.clear(reason)

    def _leave_unread(self, refs: set[Ref]) -> None:
        self.unread = refs
        self._outgrown(len(refs))


def _load(connection: Connection) -> tuple[MirrorPosition, list[Record], set[Ref]] | None:
    body = connection.execute(select(mirror_position.c.body)).scalar()
    if body is None:
        return None
    read, unread = _read_rows(connection, records)
    known, _ = _read_rows(connection, last_read)
    keep(connection, (), known.keys() - unread)
    shown = [*read.values(), *(known[ref] for ref in known.keys() & unread)]
    return decode(body, MirrorPosition), shown, unread


def _read_rows(connection: Connection, table: Table) -> tuple[dict[Ref, Record], set[Ref]]:
    """Returns the records of `table` by name, and the names of those that cannot be read."""
    read, unread = dict[Ref, Record](), set[Ref]()
    for kind, key, rev, body, proof in connection.execute(select(table)):  # a row read by names takes as long again
        if proof != _proof(kind, key, rev, body):
            raise Unreadable(f"{kind} {key}")
        try:
            read[kind, key] = read_record(kind, body)
        except NewerContent:
            unread.add((kind, key))
    return read, unread


def _read(kept: Iterable[RecordEnvelope]) -> Iterator[_Arrival]:
    """Yields the records, decoded and validated; one of an unknown kind only when it says which it is."""
    for one in kept:
        body = bytes(one.record)
        try:
            record = validated(read_record(one.kind, body))
            yield _Arrival((one.kind, record.id), record.rev, body, record)
        except NewerContent:
            known = _identity(body)
            if known is not None:
                yield _Arrival((one.kind, known.id), known.rev, body, None)


def _identity(body: bytes) -> RecordIdentity | None:
    try:
        known = decode(body, RecordIdentity)
        check_identity(known)
    except Unreadable:
        return None
    return known


def _once(arrived: Iterable[_Arrival], refs: dict[Ref, bool]) -> Iterator[_Arrival]:
    for one in arrived:
        if one.ref in refs:
            raise Unreadable(f"{one.ref[0]} {one.ref[1]} twice")
        refs[one.ref] = one.record is not None
        yield one


def _put_position(connection: Connection, at: MirrorPosition) -> None:
    connection.execute(_PUT_POSITION, {"one": 1, "body": encode(at)})


def _move_position(connection: Connection, at: MirrorPosition) -> None:
    """Moves the stored cursor. Raises FileFault when there is none, as in a file that was rebuilt meanwhile."""
    if connection.execute(_MOVE_POSITION, {"to": encode(at)}).rowcount != 1:
        raise FileFault("the board is not in the file: it was made anew since")


def _proof(kind: str, key: str, rev: int, body: bytes) -> int:
    return crc32(body, crc32(f"{kind} {key} {rev}".encode()))


def _digest(connection: Connection) -> str:
    body = cast(records.c.body, String)
    ending = ((kind.name, kind.ended) for kind in KINDS.values() if kind.ended)
    ended = (and_(records.c.kind == name, func.json_extract(body, f"$.{at}").is_not(None)) for name, at in ending)
    found = select(records.c.kind, records.c.id, records.c.rev).where(not_(or_(*ended)))
    return board_digest((row.kind, row.id, row.rev) for row in connection.execute(found))
