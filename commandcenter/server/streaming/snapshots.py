"""Builds what the board of a seat holds: all records that it sees but those that ended more than a day ago."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, String, cast, func, or_, select

from commandcenter.domain.people import Person
from commandcenter.domain.records import KINDS
from commandcenter.domain.visibility import sees
from commandcenter.protocol.codec import encode, read_record
from commandcenter.protocol.digest import board_digest
from commandcenter.protocol.retention import ENDED_SHOWN_FOR
from commandcenter.protocol.snapshots import SnapshotHead, SnapshotProof, record_line
from commandcenter.server.auth.current_role import CurrentRole
from commandcenter.server.storage.cursor_tokens import CursorTokens
from commandcenter.server.storage.scope import case_filter
from commandcenter.server.storage.secrecy import body_readable_by
from commandcenter.server.storage.tables import cases, districts, records

_CHUNK = 200  # rows


@dataclass(frozen=True, slots=True)
class SnapshotLines:
    """The lines of a snapshot in chunks, the end line last."""

    chunks: tuple[bytes, ...]


def snapshot(connection: Connection, current: CurrentRole, now: datetime, tokens: CursorTokens) -> SnapshotLines:
    """Returns the board of `current` as NDJSON, read in the caller's transaction: head, one line per record, end."""
    row = connection.execute(select(districts).where(districts.c.id == current.scope.district)).one()
    since = now - ENDED_SHOWN_FOR
    others = (record_line(one.kind, one.body) for one in _others(connection, current.person, since))
    lines = [*others, *_cases(connection, current.person, since)]
    token = tokens.issuer(row.id, row.epoch).token_at(connection, row.head)
    head = SnapshotHead(row.epoch, cursor=row.head, scope_ver=current.scope_ver, n=len(lines), cursor_token=token)
    chunks, proof = [], SnapshotProof()
    for at in range(0, len(lines), _CHUNK):
        some = lines[at : at + _CHUNK]
        chunks.append(b"".join(some))
        proof.add(chunks[-1], len(some))
    return SnapshotLines((encode(head) + b"\n", *chunks, encode(proof.end()) + b"\n"))


def head(connection: Connection, district: str) -> int:
    """Returns the last sequence number of `district` at the moment that `connection` reads."""
    return int(connection.execute(select(districts.c.head).where(districts.c.id == district)).scalar_one())


def digest(connection: Connection, seat: Person) -> str:
    """Returns the digest of what a board of `seat` holds (see `protocol.digest`)."""
    open_cases = select(cases.c.id, cases.c.rev).where(case_filter(seat), cases.c.ended_at.is_(None))
    keys = [("case", row.id, row.rev) for row in connection.execute(open_cases)]
    keys += [(row.kind, row.id, row.rev) for row in _others(connection, seat, None)]
    return board_digest(keys)


def _cases(connection: Connection, person: Person, since: datetime) -> Iterator[bytes]:
    recent = or_(cases.c.ended_at.is_(None), cases.c.ended_at > since.timestamp())
    rows = connection.execute(select(cases.c.body).where(case_filter(person), recent).order_by(cases.c.key))
    return (record_line("case", body_readable_by(person, row.body)) for row in rows)


def _others(connection: Connection, seat: Person, since: datetime | None) -> Iterator[Row[Any]]:
    """Yields what is no case, without the records that ended up to `since`; None: without all that ended."""
    here = (records.c.district == seat.scope.district, *_stays(since))
    for row in connection.execute(select(records).where(*here).order_by(records.c.kind, records.c.id)):
        if not KINDS[row.kind].audience or sees(seat, read_record(row.kind, row.body)):  # most are for everybody
            yield row


def _stays(since: datetime | None) -> Iterator[ColumnElement[bool]]:
    """Yields for each kind that ends whether a record is of another kind, has not ended, or only after `since`."""
    for kind in (kind for kind in KINDS.values() if kind.ended):
        ended_at = func.json_extract(cast(records.c.body, String), f"$.{kind.ended}")
        later = () if since is None else (func.julianday(ended_at) > func.julianday(since.isoformat()),)
        yield or_(records.c.kind != kind.name, ended_at.is_(None), *later)
