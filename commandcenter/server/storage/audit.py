"""The audit: who did what and with which outcome, one row for each act, in the act's own transaction."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, select

from commandcenter.domain.people import Person
from commandcenter.protocol.audit import AuditPage, AuditRow
from commandcenter.server.storage.prepared import PreparedStatement
from commandcenter.server.storage.tables import IS_UNKNOWN_USER, audit

_ADD = PreparedStatement(audit.insert(), columns=tuple(one.name for one in audit.c if one.name != "id"))


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
    """Records that `person` did `action` to `record` ("kind:id").

    `outcome` is a status, the code of a refusal, or a few words.
    """
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


def note_without_role(
    connection: Connection, user: str, district: str, action: str, *, at: datetime, outcome: str, record: str = ""
) -> None:
    """Records that `user` of `district`, who has no role now, did `action`.

    `user` and `district` are empty when there is no such account.
    """
    row = {"district": district, "at": at.timestamp(), "user": user, "role": "", "action": action, "record": record}
    _ADD.run(connection, row | {"cmd_id": None, "outcome": outcome, "on_behalf_of": None})


def page(connection: Connection, only: Mapping[str, str], *, before: int, limit: int) -> AuditPage:
    """Returns the newest rows older than the one with the id `before` (0: all) whose columns have the values `only`."""
    wanted = [audit.c[name] == value for name, value in only.items()] + [audit.c.id < before] * bool(before)
    rows = connection.execute(select(audit).where(*wanted).order_by(audit.c.id.desc()).limit(limit + 1)).all()
    items = tuple(AuditRow(**dict(row._mapping) | {"at": datetime.fromtimestamp(row.at, UTC)}) for row in rows[:limit])
    return AuditPage(items, items[-1].id if len(rows) > limit else None)


def trim_unknown_users(connection: Connection, *, most: int) -> None:
    """Deletes all but the `most` newest failed or refused sign-ins in nobody's name: anybody can make more of them."""
    newest = select(audit.c.id).where(IS_UNKNOWN_USER).order_by(audit.c.id.desc())
    last = newest.offset(most).limit(1).scalar_subquery()
    connection.execute(delete(audit).where(IS_UNKNOWN_USER, audit.c.id <= last))
