"""The event log of a district: appends entries, reads them after a cursor, and trims their after-images by age."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, select, union_all

from commandcenter.domain.facts import Fact
from commandcenter.domain.people import Scope
from commandcenter.domain.records import KINDS
from commandcenter.protocol.codec import FactEnvelope, decode, encode, fact_envelope
from commandcenter.server.storage.prepared import PreparedStatement
from commandcenter.server.storage.scope import RecordPlace, log_filter, log_index_conditions
from commandcenter.server.storage.tables import STREAMED, districts, log

_VERSIONED = [kind.name for kind in KINDS.values() if kind.is_versioned]

NEW = "*"  # value of `changed` for a record that did not exist before


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What a log entry says of one record: its facts and after-image as JSON, and its place before and after.

    `changed` names the changed fields, joined by spaces (NEW for a new record). The places `was` and `now` decide who
    could see the record before and who can now. `after` is None once the entry is trimmed. `acted_at` (seconds since
    1970) is when it was done, None for what has no steps.
    """

    kind: str
    id: str
    rev: int
    changed: str
    was: RecordPlace
    now: RecordPlace
    facts: bytes
    after: bytes | None
    acted_at: float | None = None


@dataclass(frozen=True, slots=True)
class LogEntry:
    """The log entry of one sequence number: actor, command, and the changes of the records that it touched.

    `on_behalf_of` is the user in whose place the actor acted; `role` is that user's, or the actor's own.
    """

    seq: int
    at: datetime
    actor: str
    cmd_id: str
    parts: tuple[RecordChange, ...]
    on_behalf_of: str | None = None
    role: str | None = None


_NEXT = PreparedStatement(
    districts.update()
    .where(districts.c.id == bindparam("d"))
    .values(head=districts.c.head + 1)
    .returning(districts.c.head)
)
_APPEND = PreparedStatement(log.insert(), columns=tuple(one.name for one in log.c))
_OF_RECORD = and_(
    log.c.district == bindparam("d"),
    log.c.record == bindparam("i"),
    log.c.kind == bindparam("k"),
    log.c.rev > bindparam("b"),
)
_SINCE = PreparedStatement(select(log.c.actor, log.c.changed, log.c.facts).where(_OF_RECORD).order_by(log.c.seq))


def next_seq(connection: Connection, district: str) -> int:
    """Returns the next sequence number of `district` from its one-row counter; take it last in the transaction."""
    return int(_NEXT.run(connection, {"d": district}).scalar_one())


def append(connection: Connection, district: str, entry: LogEntry) -> None:
    """Writes the entry, one row for each record change."""
    said_by = {"at": entry.at.timestamp(), "actor": entry.actor, "cmd_id": entry.cmd_id}
    common = {"district": district, "seq": entry.seq, "on_behalf_of": entry.on_behalf_of, "role": entry.role, **said_by}
    _APPEND.run_all(connection, [common | _row(number, part) for number, part in enumerate(entry.parts)])


def read(connection: Connection, scope: Scope, *, after: int, limit: int) -> list[LogEntry]:
    """Returns at most `limit` entries after `after` that `scope` sees, oldest first.

    Each holds only the record changes that `scope` sees.
    """
    told = and_(log_filter(scope), log.c.seq > after)
    page = select(log.c.seq).where(told).distinct().order_by(log.c.seq).limit(limit).subquery()
    last = connection.execute(select(func.max(page.c.seq))).scalar()
    if last is None:
        return []
    rows = connection.execute(select(log).where(told, log.c.seq <= last).order_by(log.c.seq, log.c.part))
    return entries(rows.all())


def read_all(connection: Connection, district: str, *, after: int) -> list[LogEntry]:
    """Returns every entry after `after`, oldest first, for the publisher."""
    told = and_(log.c.district == district, log.c.seq > after)
    rows = connection.execute(select(log).where(told).order_by(log.c.seq, log.c.part))
    return entries(rows.all())


def visible_head(connection: Connection, scope: Scope, floor: int) -> int:
    """Returns the last sequence number that `scope` sees and that can still be streamed; `floor` − 1 if none."""
    return connection.execute(_head_of(scope), {"floor": floor}).scalar() or max(floor - 1, 0)


@lru_cache(maxsize=1024)
def _head_of(scope: Scope) -> Select[Any]:
    """Cached for each scope: a hall has few, and needs this at each hello and each stream."""
    streamed = and_(log.c.district == scope.district, log.c.seq >= bindparam("floor"), STREAMED)
    heads = union_all(
        *(select(func.max(log.c.seq).label("seq")).where(streamed, part) for part in log_index_conditions(scope))
    )
    return select(func.max(heads.subquery().c.seq))


def changes_since(
    connection: Connection, district: str, kind: str, key: str, *, base: int
) -> list[tuple[str, set[str], bytes]]:
    """Returns what happened to a record after its revision `base`, oldest first.

    Each item is (actor, names of the changed fields, facts as JSON).
    """
    rows = _SINCE.run(connection, {"d": district, "k": kind, "i": key, "b": base})
    return [(row.actor, set(row.changed.split()), row.facts) for row in rows]


def decode_facts(facts: Iterable[bytes]) -> tuple[FactEnvelope, ...]:
    """Decodes stored facts into their envelopes."""
    return tuple(one for raw in facts for one in decode(raw, list[FactEnvelope]))


def encode_facts(facts: Sequence[Fact]) -> bytes:
    """Encodes facts as the log stores them: a JSON array of envelopes."""
    return encode([fact_envelope(fact) for fact in facts])


def trim(connection: Connection, district: str, *, before: datetime) -> int:
    """Drops the after-images of entries older than `before`.

    Returns the new floor, the oldest sequence number that can be streamed.
    """
    row = connection.execute(select(districts.c.floor, districts.c.head).where(districts.c.id == district)).one()
    recent = select(log.c.seq).where(log.c.district == district, log.c.seq >= row.floor, log.c.at >= before.timestamp())
    floor = int(connection.execute(recent.order_by(log.c.seq).limit(1)).scalar() or row.head + 1)
    drop_images(connection, district, since=row.floor, until=floor)
    connection.execute(districts.update().where(districts.c.id == district).values(floor=floor))
    return floor


def drop_images(connection: Connection, district: str, *, since: int, until: int) -> None:
    """Drops the after-images of the entries in [since, until), except those of kinds whose former versions are kept."""
    old = and_(log.c.district == district, log.c.seq >= since, log.c.seq < until, log.c.kind.not_in(_VERSIONED))
    connection.execute(log.update().where(old).values(after=None))


def entries(rows: Iterable[Row[Any]]) -> list[LogEntry]:
    """Groups log rows, ordered by sequence number and part, into entries."""
    grouped = (list(parts) for _, parts in groupby(rows, key=lambda row: row.seq))
    return [
        LogEntry(
            seq=parts[0].seq,
            at=datetime.fromtimestamp(parts[0].at, UTC),
            actor=parts[0].actor,
            cmd_id=parts[0].cmd_id,
            parts=tuple(map(_part, parts)),
            on_behalf_of=parts[0].on_behalf_of,
            role=parts[0].role,
        )
        for parts in grouped
    ]


def _part(row: Row[Any]) -> RecordChange:
    return RecordChange(
        kind=row.kind,
        id=row.record,
        rev=row.rev,
        changed=row.changed,
        was=RecordPlace(row.was_street, row.was_holder),
        now=RecordPlace(row.street, row.holder),
        facts=row.facts,
        after=row.after,
        acted_at=row.acted_at,
    )


def _row(number: int, part: RecordChange) -> dict[str, Any]:
    return {
        "part": number,
        "kind": part.kind,
        "record": part.id,
        "rev": part.rev,
        "changed": part.changed,
        "was_street": part.was.street,
        "was_holder": part.was.holder,
        "street": part.now.street,
        "holder": part.now.holder,
        "facts": part.facts,
        "after": part.after,
        "acted_at": part.acted_at,
    }
