"""Hands for all who have no seat: accounts that only the shift of the demonstration knows, so that the hall works."""

from typing import Any

from sqlalchemy import Connection, delete, select

from commandcenter.domain.people import Holder, HolderKind, Role
from commandcenter.protocol.codec import read_record
from commandcenter.server.entry.accounts import hashed, new_password
from commandcenter.server.keeping.tables import accounts, records, sessions

PREFIX = "shift."
_ROLES = {
    HolderKind.UNIT: (Role.UNIT, "unit"),
    HolderKind.DEPARTMENT: (Role.DEPARTMENT, "department"),
    HolderKind.GRID_TEAM: (Role.GRID_LEADER, "grid"),
}


def shift_accounts(connection: Connection, district: str) -> list[dict[str, Any]]:
    """An account for each holder of `district` without one, as {user, password, role, scope}, for `shift.run`.

    They share one random password that is kept nowhere; those of an earlier start are void.
    """
    _forget(connection, district)
    seated = _seated(connection, district)
    password = new_password()
    rows = [_row(holder, district) for holder in _holders(connection, district) if holder.id not in seated]
    if rows:
        kept = hashed(password)
        connection.execute(accounts.insert(), [row | {"password": kept, "active": True} for row in rows])
    scope = ("district", "street", "department", "unit", "grid")
    return [
        {
            "user": row["user"],
            "password": password,
            "role": row["role"],
            "scope": {part: row[part] for part in scope},
        }
        for row in rows
    ]


def _forget(connection: Connection, district: str) -> None:
    ours = select(accounts.c.user).where(accounts.c.district == district, accounts.c.user.startswith(PREFIX))
    connection.execute(delete(sessions).where(sessions.c.user.in_(ours)))
    connection.execute(delete(accounts).where(accounts.c.user.in_(ours)))


def _seated(connection: Connection, district: str) -> set[str]:
    parts = select(accounts.c.unit, accounts.c.department, accounts.c.grid).where(accounts.c.district == district)
    return {key for row in connection.execute(parts) for key in row if key}


def _holders(connection: Connection, district: str) -> list[Holder]:
    wanted = select(records.c.body).where(records.c.district == district, records.c.kind == "holder")
    found = (read_record("holder", body) for body in connection.execute(wanted.order_by(records.c.id)).scalars())
    return [holder for holder in found if isinstance(holder, Holder)]


def _row(holder: Holder, district: str) -> dict[str, Any]:
    role, part = _ROLES[holder.kind]
    scope: dict[str, str | None] = {"street": holder.street, "department": None, "unit": None, "grid": None}
    return {"user": f"{PREFIX}{holder.id}", "role": role.value, "district": district} | scope | {part: holder.id}
