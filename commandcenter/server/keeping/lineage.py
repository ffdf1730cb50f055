"""Epochs: after a restore the log begins a new one, and says for each earlier one how much of it is still there."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Row, delete, func, select, update

from commandcenter.protocol.codec import encode
from commandcenter.server.keeping.store import database, has_database
from commandcenter.server.keeping.tables import audit, districts, log, sessions


@dataclass(frozen=True, slots=True)
class Line:
    """The epochs of a district: the present one, and where in the log each of them began."""

    epoch: int
    bases: dict[int, int]


def former(data: Path) -> dict[str, Line]:
    """The epochs that the database of `data` has counted, its log folded into its file; empty when it cannot be read.

    The folder is held by the caller.
    """
    if not has_database(data):
        return {}
    try:
        with closing(sqlite3.connect(database(data))) as there:
            there.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            rows = there.execute("SELECT id, epoch, bases FROM districts").fetchall()
        return {key: Line(epoch, read_bases(bases)) for key, epoch, bases in rows}
    except (sqlite3.Error, ValueError, AttributeError, TypeError):  # damaged: it is about to be replaced
        return {}


def begin_epochs(connection: Connection, known: Mapping[str, Line], *, now: datetime) -> dict[str, Line]:
    """Every district behind `connection` begins a new epoch at its head; `known` is what was counted since the backup.

    Every sign-in ends: what was revoked since the backup must not come back to life.
    """
    begun = {}
    for row in connection.execute(select(districts)).all():
        begun[row.id] = line = _next(row, known.get(row.id), now)
        bases = encode({str(epoch): seq for epoch, seq in sorted(line.bases.items())}).decode()
        connection.execute(update(districts).where(districts.c.id == row.id).values(epoch=line.epoch, bases=bases))
        noted = {"district": row.id, "at": now.timestamp(), "user": "system", "role": "system", "action": "restore"}
        connection.execute(audit.insert(), noted | {"record": f"district:{row.id}", "outcome": "applied"})
    connection.execute(delete(sessions))
    return begun


def shared_revision(connection: Connection, district: str, kind: str, key: str, *, seen: int, epoch: int) -> int:
    """The newest revision up to `seen` that this log has in common with the one of `epoch`, an earlier one.

    After a restore the same number may come to stand for something else, which nobody has seen.
    """
    bases = read_bases(connection.execute(select(districts.c.bases).where(districts.c.id == district)).scalar_one())
    kept = min(seq for began, seq in bases.items() if began > epoch)
    of_record = (log.c.district == district, log.c.kind == kind, log.c.record == key, log.c.seq <= kept)
    return min(seen, connection.execute(select(func.max(log.c.rev)).where(*of_record)).scalar() or 0)


def read_bases(bases: str) -> dict[int, int]:
    """Where each epoch began, as a district's row keeps it."""
    return {int(epoch): int(seq) for epoch, seq in json.loads(bases).items()}


def _next(row: Row[tuple[object, ...]], known: Line | None, now: datetime) -> Line:
    """Greater than every epoch that a console may have seen; where nobody knows these any more, the minute is.

    Where epochs are left out between the backup and the former log, the backup shares with the last of these only what
    came before the first of them began.
    """
    bases = read_bases(row.bases)
    if known is None:
        epoch = max(row.epoch + 1, int(now.timestamp() // 60))
        return Line(epoch, {**bases, epoch: row.head})
    since = [seq for epoch, seq in known.bases.items() if epoch > row.epoch]
    epoch = max(row.epoch, known.epoch) + 1
    return Line(epoch, {**bases, **known.bases, epoch: min([row.head, *since])})
