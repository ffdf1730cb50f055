"""The list of adoptions, attempts included: what shift leaders did in the place of others, read a page at a time."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from commandcenter.domain.commands import Command, records_of
from commandcenter.domain.people import Person, Scope
from commandcenter.domain.records import ref_texts
from commandcenter.protocol.messages import Adoption, AdoptionPage, CommandEnvelope, Result
from commandcenter.server.auth import roles
from commandcenter.server.storage.tables import adoptions

_ADD = adoptions.insert()


def note(
    connection: Connection, envelope: CommandEnvelope, command: Command, leader: Person, result: Result, now: datetime
) -> None:
    """Records that `leader` sent `envelope` in the place of another, with its result.

    The owner's name is left out unless it is an account of the district.
    """
    owner, act = envelope.adopts
    known = None if owner is None else roles.last_of(connection, owner, now)
    is_known = known is not None and known.scope.district == leader.scope.district
    row = {
        "district": leader.scope.district,
        "at": now.timestamp(),
        "leader": leader.user,
        "owner": known.user if known is not None and is_known else "",
        "street": known.scope.street if known is not None and is_known else None,
        "act": act or "",
        "cmd_id": envelope.cmd_id,
        "type": envelope.type,
        "record": ref_texts(records_of(command)),
        "made_at": envelope.given_at.timestamp(),
        "outcome": result.code or result.status,
    }
    connection.execute(_ADD, row)


def page(connection: Connection, scope: Scope, *, limit: int, before: int | None) -> AdoptionPage:
    """Returns at most `limit` adoptions in `scope`, newest first, from before the row id `before`.

    A scope with a street has those of its own people only.
    """
    listed = select(adoptions).where(adoptions.c.district == scope.district)
    if scope.street is not None:
        listed = listed.where(adoptions.c.street == scope.street)
    if before is not None:
        listed = listed.where(adoptions.c.id < before)
    rows = connection.execute(listed.order_by(adoptions.c.id.desc()).limit(limit + 1)).all()
    items = tuple(_adopted(row) for row in rows[:limit])
    return AdoptionPage(items, str(rows[limit - 1].id) if len(rows) > limit else None)


def _adopted(row: Row[Any]) -> Adoption:
    return Adoption(
        at=datetime.fromtimestamp(row.at, UTC),
        leader=row.leader,
        owner=row.owner,
        act=row.act,
        cmd_id=row.cmd_id,
        type=row.type,
        record=row.record,
        given_at=datetime.fromtimestamp(row.made_at, UTC),
        outcome=row.outcome,
    )
