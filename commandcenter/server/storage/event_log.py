"""The event log of a district: appends entries, reads them after a cursor, and trims their after-images by age."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, func, literal, or_, select, union_all

from commandcenter.domain.facts import Fact
from commandcenter.domain.people import Person
from commandcenter.domain.records import KINDS, Ref, edited_fields
from commandcenter.domain.visibility import DISTRICT, Tokens, tokens_of
from commandcenter.protocol.codec import FactEnvelope, decode, encode, fact_envelope
from commandcenter.server.storage.prepared import PreparedStatement
from commandcenter.server.storage.tables import STREAMED, districts, log, log_audience

_VERSIONED = [kind.name for kind in KINDS.values() if not kind.is_live]

Happened = tuple[str, set[str], bytes]  # actor, names of the changed fields, facts as JSON
NEW = "*"  # value of `changed` for a record that did not exist before


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What a log entry says of one record: its facts and after-image as JSON, and who saw it before and sees it now.

    `changed` names the changed fields, joined by spaces (NEW for a new record). `was` and `now` are the record's
    audience (domain.visibility). `after` is None and nobody is told of it once the entry is trimmed. `acted_at`
    (seconds since 1970) is when it was done, None for what has no steps.
    """

    kind: str
    id: str
    rev: int
    changed: str
    was: Tokens
    now: Tokens
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
_TELL = PreparedStatement(log_audience.insert(), columns=tuple(one.name for one in log_audience.c))
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
    """Writes the entry, one row for each record change, and one for each token that is told of it."""
    said_by = {"at": entry.at.timestamp(), "actor": entry.actor, "cmd_id": entry.cmd_id}
    common = {"district": district, "seq": entry.seq, "on_behalf_of": entry.on_behalf_of, "role": entry.role, **said_by}
    _APPEND.run_all(connection, [common | _row(number, part) for number, part in enumerate(entry.parts)])
    tokens = frozenset[str]().union(*(part.was | part.now for part in entry.parts)) - {DISTRICT}  # that finds all
    _TELL.run_all(connection, [_told(district, token, entry.seq) for token in tokens])


def tokens_text(tokens: Tokens) -> str:
    """Returns tokens as the log stores them, a line each."""
    return "\n".join(sorted(tokens))


def read(connection: Connection, seat: Person, *, after: int, limit: int) -> list[LogEntry]:
    """Returns at most `limit` entries after `after` with a record that `seat` sees or saw, oldest first."""
    tokens, district = tokens_of(seat), seat.scope.district
    told = log if DISTRICT in tokens else log_audience
    page = select(told.c.seq).where(told.c.district == district, told.c.seq > after)
    if told is log_audience:
        page = page.where(log_audience.c.token.in_(sorted(tokens)))
    seqs = connection.execute(page.distinct().order_by(told.c.seq).limit(limit)).scalars().all()
    rows = select(log).where(log.c.district == district, log.c.seq.in_(seqs)).order_by(log.c.seq, log.c.part)
    return entries(connection.execute(rows).all()) if seqs else []


def read_all(connection: Connection, district: str, *, after: int) -> list[LogEntry]:
    """Returns every entry after `after`, oldest first, for the publisher."""
    told = and_(log.c.district == district, log.c.seq > after)
    rows = connection.execute(select(log).where(told).order_by(log.c.seq, log.c.part))
    return entries(rows.all())


def visible_head(connection: Connection, seat: Person, floor: int) -> int:
    """Returns the last sequence number that `seat` sees and that can still be streamed; `floor` − 1 if none."""
    found = connection.execute(_head_of(tokens_of(seat)), {"d": seat.scope.district, "floor": floor})
    return found.scalar() or max(floor - 1, 0)


@lru_cache(maxsize=1024)
def _head_of(tokens: Tokens) -> Select[Any]:
    """Returns the largest sequence number of any of `tokens`; cached, because each hello and each stream needs it."""
    told = log if DISTRICT in tokens else log_audience
    from_floor = (told.c.district == bindparam("d"), told.c.seq >= bindparam("floor"))
    last = select(func.max(told.c.seq).label("seq")).where(*from_floor)
    if told is log:
        return last.where(STREAMED)
    heads = union_all(*(last.where(log_audience.c.token == token) for token in sorted(tokens)))
    return select(func.max(heads.subquery().c.seq))


def changes_since(connection: Connection, district: str, kind: str, key: str, *, base: int) -> list[Happened]:
    """Returns what happened to a record after its revision `base`, oldest first."""
    return _happened(_SINCE.run(connection, {"d": district, "k": kind, "i": key, "b": base}))


def edits_since(connection: Connection, district: str, kind: str, key: str, *, base: int, most: int) -> list[Happened]:
    """Returns the newest `most` edits of a reference record after its revision `base`, oldest first."""
    seen = select(func.max(log.c.seq)).where(_is_record(district, (kind, key)), log.c.rev <= base)
    since = log.c.seq > func.coalesce(seen.scalar_subquery(), 0)
    return _happened(connection.execute(edits(district, (kind, key)).where(since).limit(most)).all()[::-1])


def edits(district: str, ref: Ref) -> Select[Any]:
    """Returns the query for what created a reference record or changed what administrators edit of it, newest first."""
    words = literal(" ") + log.c.changed + " "
    edited = or_(log.c.changed == NEW, *(words.contains(f" {name} ") for name in edited_fields(ref[0])))
    return select(log).where(_is_record(district, ref), edited).order_by(log.c.seq.desc())


def _is_record(district: str, ref: Ref) -> ColumnElement[bool]:
    return and_(log.c.district == district, log.c.record == ref[1], log.c.kind == ref[0])


def _happened(rows: Iterable[Row[Any]]) -> list[Happened]:
    return [(row.actor, set(row.changed.split()), row.facts) for row in rows]


def image(connection: Connection, district: str, ref: Ref, rev: int) -> bytes | None:
    """Returns the record as JSON as it was at the revision `rev`; None when the log has no such image."""
    found = select(log.c.after).where(_is_record(district, ref), log.c.rev == rev, STREAMED)
    body: bytes | None = connection.execute(found).scalar()
    return body


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
    """Drops who saw the entries in [since, until), and their after-images except those of reference records."""
    old = and_(
        log.c.district == district, log.c.seq >= since, log.c.seq < until, log.c.kind.not_in(_VERSIONED), STREAMED
    )
    connection.execute(log.update().where(old).values(after=None, was="", now=""))
    known = select(log_audience.c.token).where(log_audience.c.district == district).distinct()
    told = (log_audience.c.district == district, log_audience.c.token.in_(known), log_audience.c.seq < until)
    connection.execute(log_audience.delete().where(*told))


def index_audience(connection: Connection, district: str, *, since: int) -> None:
    """Adds for a seed what `append` adds for each entry: who is told of the entries from `since` on."""
    streamed = select(log.c.seq, log.c.was, log.c.now).where(log.c.district == district, log.c.seq >= since)
    rows = connection.execute(streamed)
    told = {(token, row.seq) for row in rows for token in (_tokens(row.was) | _tokens(row.now)) - {DISTRICT}}
    _TELL.run_all(connection, [_told(district, *one) for one in sorted(told)])


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
        was=_tokens(row.was),
        now=_tokens(row.now),
        facts=row.facts,
        after=row.after,
        acted_at=row.acted_at,
    )


def _told(district: str, token: str, seq: int) -> dict[str, Any]:
    return {"district": district, "token": token, "seq": seq}


def _tokens(text: str) -> Tokens:
    return frozenset(filter(None, text.split("\n")))


def _row(number: int, part: RecordChange) -> dict[str, Any]:
    return {
        "part": number,
        "kind": part.kind,
        "record": part.id,
        "rev": part.rev,
        "changed": part.changed,
        "was": tokens_text(part.was),
        "now": tokens_text(part.now),
        "facts": part.facts,
        "after": part.after,
        "acted_at": part.acted_at,
    }
