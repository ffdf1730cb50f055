"""Epochs: a log that was set back, by a restore or otherwise, begins a new one and records where each began."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Row, delete, func, select, update

from commandcenter.files.sqlite import opened_bare
from commandcenter.protocol.codec import encode
from commandcenter.protocol.limits import NUMBER_MOST
from commandcenter.server.storage.cursor_tokens import CursorToken, CursorTokens, entries_at, has_entry
from commandcenter.server.storage.database import file_in, has_database
from commandcenter.server.storage.tables import audit, districts, log, sessions

_BEGUN = "districts in a new epoch"


@dataclass(frozen=True, slots=True)
class Epochs:
    """The epochs of a district: the current one, and the sequence number at which each of them began (`bases`).

    An epoch begins at the last sequence number that its log has in common with the epochs before it.
    """

    epoch: int
    bases: dict[int, int]


def former_epochs(data: Path) -> dict[str, Epochs]:
    """Returns the epochs in the database of `data` by district id, and moves its WAL into its file.

    Empty when there is no database or it cannot be read. The caller holds the data folder.
    """
    if not has_database(data):
        return {}
    try:
        with opened_bare(file_in(data)) as there:
            there.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            rows = there.execute("SELECT id, epoch, bases FROM districts").fetchall()
        return {key: Epochs(epoch, read_bases(bases)) for key, epoch, bases in rows}
    except (sqlite3.Error, MemoryError, ValueError, AttributeError, TypeError):  # damaged, and about to be replaced
        return {}


def begin_epochs(connection: Connection, known: Mapping[str, Epochs], *, now: datetime) -> dict[str, Epochs]:
    """Begins a new epoch in every district of a restored database and ends every sign-in.

    `known` are the epochs of the database that the backup replaces. Returns the new epochs by district id.
    """
    begun = {}
    for row in connection.execute(select(districts)).all():
        begun[row.id] = _next(row, known.get(row.id), now)
        _begin(connection, row.id, begun[row.id], "restore", now)
    return begun


def last_shared_seq(connection: Connection, district: str, token: CursorToken) -> int | None:
    """Returns the last sequence number that the log of `district` is known to share with the log that issued `token`.

    None when it is the same log, or its regular continuation.
    """
    line = epochs_of(connection, district)
    kept = min((seq for epoch, seq in line.bases.items() if epoch > token.epoch), default=NUMBER_MOST)
    places = [place for place in token.places if place.seq <= kept]
    here = entries_at(connection, district, (place.seq for place in places))
    common = [place.seq for place in places if here.get(place.seq) == place.entry]
    last = max(common, default=0)
    is_known = token.epoch in line.bases or last >= kept
    return None if is_known and len(common) == len(places) else last


def begin_epoch_if_set_back(connection: Connection, district: str, token: CursorToken, *, now: datetime) -> bool:
    """Begins a new epoch when `token` shows that the log was set back without a restore; returns whether it did.

    What a console saw in an epoch unknown here counts as lost, except for the entries known to be common.
    """
    common = last_shared_seq(connection, district, token)
    if common is None:
        return False
    line = epochs_of(connection, district)
    epoch = _unused_epoch(now, line.epoch, token.epoch, *line.bases)
    begun = Epochs(epoch, {token.epoch: common, **line.bases, epoch: common})
    _begin(connection, district, begun, "set_back", now)
    connection.info.setdefault(_BEGUN, set()).add(district)
    return True


def check_cursor_token(
    connection: Connection, tokens: CursorTokens, district: str, shown: str, *, epoch: int, now: datetime
) -> None:
    """Begins a new epoch, before any command is executed, when the token `shown` proves that the log was set back.

    `shown` and `epoch` come with the console's commands. Without a new epoch the console would take the sequence
    numbers of their results for older than what it has.
    """
    token = tokens.read(district, shown)
    if token is None or (token.epoch == epoch and has_entry(connection, district, token.places[0])):
        return
    if connection.execute(select(districts.c.id).where(districts.c.id == district)).first() is not None:
        begin_epoch_if_set_back(connection, district, token, now=now)


def pop_begun_districts(connection: Connection) -> frozenset[str]:
    """Returns, and forgets, the districts that began a new epoch on this connection."""
    return frozenset(connection.info.pop(_BEGUN, ()))


def epochs_of(connection: Connection, district: str) -> Epochs:
    """Returns the epochs of `district`, which must exist."""
    row = connection.execute(select(districts.c.epoch, districts.c.bases).where(districts.c.id == district)).one()
    return Epochs(row.epoch, read_bases(row.bases))


def shared_revision(connection: Connection, district: str, kind: str, key: str, *, seen: int, epoch: int) -> int:
    """Returns the newest revision up to `seen` that this log shares with the log of the earlier `epoch`; 0 if none.

    After a restore the same revision number may stand for a content that nobody has seen.
    """
    bases = read_bases(connection.execute(select(districts.c.bases).where(districts.c.id == district)).scalar_one())
    kept = min(seq for began, seq in bases.items() if began > epoch)
    of_record = (log.c.district == district, log.c.kind == kind, log.c.record == key, log.c.seq <= kept)
    return min(seen, connection.execute(select(func.max(log.c.rev)).where(*of_record)).scalar() or 0)


def read_bases(bases: str) -> dict[int, int]:
    """Decodes the `bases` column of a district: the sequence number at which each epoch began."""
    return {int(epoch): int(seq) for epoch, seq in json.loads(bases).items()}


def _begin(connection: Connection, district: str, line: Epochs, action: str, now: datetime) -> None:
    """Also ends every sign-in: what has been revoked since the restored state must not become valid again."""
    bases = encode({str(epoch): seq for epoch, seq in sorted(line.bases.items())}).decode()
    connection.execute(update(districts).where(districts.c.id == district).values(epoch=line.epoch, bases=bases))
    noted = {"district": district, "at": now.timestamp(), "user": "system", "role": "system", "action": action}
    connection.execute(audit.insert(), noted | {"record": f"district:{district}", "outcome": "applied"})
    connection.execute(delete(sessions))


def _unused_epoch(now: datetime, *known: int) -> int:
    """Returns a number above all `known` epochs, and not below the Unix time, so that it is above lost epochs too."""
    return max(*(epoch + 1 for epoch in known), int(now.timestamp()))


def _next(row: Row[tuple[object, ...]], known: Epochs | None, now: datetime) -> Epochs:
    """Returns the epochs of a restored district; the new one is above every epoch that a console may have seen.

    Where the replaced database is not known, the Unix time in seconds ensures that. Where the former log has epochs
    that the backup lacks, the backup shares with the last of them only what came before the first of them began.
    """
    bases = read_bases(row.bases)
    if known is None:
        epoch = _unused_epoch(now, row.epoch)
        return Epochs(epoch, {**bases, epoch: row.head})
    since = [seq for epoch, seq in known.bases.items() if epoch > row.epoch]
    epoch = max(row.epoch, known.epoch) + 1
    return Epochs(epoch, {**bases, **known.bases, epoch: min([row.head, *since])})
