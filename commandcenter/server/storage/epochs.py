"""Epochs: a log that was set back, by a restore or without, begins a new one, and says what is left of the others."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Row, delete, func, select, update

from commandcenter.protocol.codec import encode
from commandcenter.protocol.messages import MOST
from commandcenter.server.storage.cursor_tokens import CursorToken, CursorTokens, entries_at, has_entry
from commandcenter.server.storage.database import file_in, has_database
from commandcenter.server.storage.tables import audit, districts, log, sessions

_BEGUN = "districts in a new epoch"


@dataclass(frozen=True, slots=True)
class Epochs:
    """The epochs of a district: the present one, and where in the log each of them began."""

    epoch: int
    bases: dict[int, int]


def former(data: Path) -> dict[str, Epochs]:
    """The epochs that the database of `data` has counted, its log folded into its file; empty when it cannot be read.

    The folder is held by the caller.
    """
    if not has_database(data):
        return {}
    try:
        with closing(sqlite3.connect(file_in(data))) as there:
            there.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            rows = there.execute("SELECT id, epoch, bases FROM districts").fetchall()
        return {key: Epochs(epoch, read_bases(bases)) for key, epoch, bases in rows}
    except (sqlite3.Error, MemoryError, ValueError, AttributeError, TypeError):  # damaged: it is about to be replaced
        return {}


def begin_epochs(connection: Connection, known: Mapping[str, Epochs], *, now: datetime) -> dict[str, Epochs]:
    """Every district behind `connection` begins a new epoch at its head; `known` is what was counted since the backup.

    Every sign-in ends.
    """
    begun = {}
    for row in connection.execute(select(districts)).all():
        begun[row.id] = _next(row, known.get(row.id), now)
        _begin(connection, row.id, begun[row.id], "restore", now)
    return begun


def parted_at(connection: Connection, district: str, token: CursorToken) -> int | None:
    """The last entry that the log of `district` is known to have in common with the one that made `token`.

    None when the log is that one, or has come after it in good order.
    """
    line = line_of(connection, district)
    kept = min((seq for epoch, seq in line.bases.items() if epoch > token.epoch), default=MOST)
    places = [place for place in token.places if place.seq <= kept]
    here = entries_at(connection, district, (place.seq for place in places))
    common = [place.seq for place in places if here.get(place.seq) == place.entry]
    last = max(common, default=0)
    is_known = token.epoch in line.bases or last >= kept
    return None if is_known and len(common) == len(places) else last


def begin_after(connection: Connection, district: str, token: CursorToken, *, now: datetime) -> bool:
    """A new epoch for a log that was set back, as `token` shows, by other means than a restore; False when it was not.

    What the console had seen of epochs that are not known here is taken for lost where it is not known to be common.
    """
    common = parted_at(connection, district, token)
    if common is None:
        return False
    line = line_of(connection, district)
    epoch = _unseen(now, line.epoch, token.epoch, *line.bases)
    begun = Epochs(epoch, {token.epoch: common, **line.bases, epoch: common})
    _begin(connection, district, begun, "set_back", now)
    connection.info.setdefault(_BEGUN, set()).add(district)
    return True


def compare(
    connection: Connection, tokens: CursorTokens, district: str, shown: str, *, epoch: int, now: datetime
) -> None:
    """A new epoch for a log that was set back, as `shown` by whoever sends commands in `epoch`, before any is done.

    They would be acknowledged under numbers that the console takes for older than what it has.
    """
    token = tokens.read(district, shown)
    if token is None or (token.epoch == epoch and has_entry(connection, district, token.places[0])):
        return
    if connection.execute(select(districts.c.id).where(districts.c.id == district)).first() is not None:
        begin_after(connection, district, token, now=now)


def take_begun(connection: Connection) -> frozenset[str]:
    """The districts that have begun a new epoch on this connection since the last time."""
    return frozenset(connection.info.pop(_BEGUN, ()))


def line_of(connection: Connection, district: str) -> Epochs:
    """The epochs of `district`."""
    row = connection.execute(select(districts.c.epoch, districts.c.bases).where(districts.c.id == district)).one()
    return Epochs(row.epoch, read_bases(row.bases))


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


def _begin(connection: Connection, district: str, line: Epochs, action: str, now: datetime) -> None:
    """Every sign-in ends with it: what was revoked since must not come back to life."""
    bases = encode({str(epoch): seq for epoch, seq in sorted(line.bases.items())}).decode()
    connection.execute(update(districts).where(districts.c.id == district).values(epoch=line.epoch, bases=bases))
    noted = {"district": district, "at": now.timestamp(), "user": "system", "role": "system", "action": action}
    connection.execute(audit.insert(), noted | {"record": f"district:{district}", "outcome": "applied"})
    connection.execute(delete(sessions))


def _unseen(now: datetime, *known: int) -> int:
    """Greater than all that are `known`, and than any that was begun before this second and is known to nobody here."""
    return max(*(epoch + 1 for epoch in known), int(now.timestamp()))


def _next(row: Row[tuple[object, ...]], known: Epochs | None, now: datetime) -> Epochs:
    """Greater than every epoch that a console may have seen; where nobody knows these any more, the second is.

    Where epochs are left out between the backup and the former log, the backup shares with the last of these only what
    came before the first of them began.
    """
    bases = read_bases(row.bases)
    if known is None:
        epoch = _unseen(now, row.epoch)
        return Epochs(epoch, {**bases, epoch: row.head})
    since = [seq for epoch, seq in known.bases.items() if epoch > row.epoch]
    epoch = max(row.epoch, known.epoch) + 1
    return Epochs(epoch, {**bases, **known.bases, epoch: min([row.head, *since])})
