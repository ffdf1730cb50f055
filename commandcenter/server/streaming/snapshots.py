"""Builds what the board of a seat holds: cases open or ended less than a day ago, crews, and all reference records."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select

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
    lines = [*_reference(connection, current.person), *_live(connection, current.person, now)]
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
    keys += [(row.kind, row.id, row.rev) for row in _others(connection, seat)]
    return board_digest(keys)


def _reference(connection: Connection, seat: Person) -> Iterator[bytes]:
    for row in _others(connection, seat):
        yield record_line(row.kind, row.body)


def _live(connection: Connection, person: Person, now: datetime) -> Iterator[bytes]:
    recent = or_(cases.c.ended_at.is_(None), cases.c.ended_at > (now - ENDED_SHOWN_FOR).timestamp())
    rows = connection.execute(select(cases.c.body).where(case_filter(person), recent).order_by(cases.c.key))
    return (record_line("case", body_readable_by(person, row.body)) for row in rows)


def _others(connection: Connection, seat: Person) -> Iterator[Row[Any]]:
    of_district: Select[Any] = select(records).where(records.c.district == seat.scope.district)
    for row in connection.execute(of_district.order_by(records.c.kind, records.c.id)):
        if not KINDS[row.kind].audience or sees(seat, read_record(row.kind, row.body)):  # most are for everybody
            yield row
