"""Who did what, and what came of it: one row for each act, in the act's own transaction."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from commandcenter.domain.people import Person
from commandcenter.server.keeping.prepared import Prepared
from commandcenter.server.keeping.tables import IS_NOBODYS, audit

_ADD = Prepared(audit.insert(), columns=tuple(one.name for one in audit.c if one.name != "id"))


def note(
    connection: Connection,
    person: Person,
    action: str,
    *,
    at: datetime,
    outcome: str,
    record: str = "",
    cmd_id: str | None = None,
    on_behalf_of: str | None = None,
) -> None:
    """`person` did `action` to `record` ("kind:id"); `outcome` is a status or the code of a refusal."""
    row = {
        "district": person.scope.district,
        "at": at.timestamp(),
        "user": person.user,
        "role": person.role.value,
        "action": action,
        "record": record,
        "cmd_id": cmd_id,
        "outcome": outcome,
        "on_behalf_of": on_behalf_of,
    }
    _ADD.run(connection, row)


def note_nobody(
    connection: Connection, user: str, district: str, action: str, *, at: datetime, outcome: str, record: str = ""
) -> None:
    """`user` of `district`, who has no role at this moment, did `action`; without such an account both are ""."""
    row = {"district": district, "at": at.timestamp(), "user": user, "role": "", "action": action, "record": record}
    _ADD.run(connection, row | {"cmd_id": None, "outcome": outcome, "on_behalf_of": None})


def trim_nobodys(connection: Connection, *, most: int) -> None:
    """Of failed and refused sign-ins in nobody's name only the `most` newest stay: anybody can make more of them."""
    newest = select(audit.c.id).where(IS_NOBODYS).order_by(audit.c.id.desc())
    last = newest.offset(most).limit(1).scalar_subquery()
    connection.execute(delete(audit).where(IS_NOBODYS, audit.c.id <= last))
