"""Revisions across a restore: how much of what a person saw in an earlier epoch is still part of this log."""

import json

from sqlalchemy import Connection, func, select

from commandcenter.server.keeping.tables import districts, log


def shared_revision(
    connection: Connection, district: str, kind: str, key: str, seen: int, epoch: int | None
) -> int:
    """The newest revision up to `seen` that this log has in common with the one of `epoch` (None: not said).

    After a restore the same number may come to stand for something else, which nobody has seen.
    """
    row = connection.execute(select(districts.c.epoch, districts.c.bases).where(districts.c.id == district)).one()
    if epoch is None or epoch >= row.epoch:
        return seen
    kept = min(seq for began, seq in json.loads(row.bases).items() if int(began) > epoch)
    of_record = (log.c.district == district, log.c.kind == kind, log.c.record == key, log.c.seq <= kept)
    return min(seen, connection.execute(select(func.max(log.c.rev)).where(*of_record)).scalar() or 0)
