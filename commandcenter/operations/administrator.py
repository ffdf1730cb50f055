"""The administrator of a hall: made once, at the first start, with a password that nobody chose."""

from sqlalchemy import Connection, select

from commandcenter.domain.people import Person, Role, Scope
from commandcenter.server.auth import accounts, roles
from commandcenter.server.command_pipeline.districts import district_ids
from commandcenter.server.storage import tables

ADMINISTRATOR = "admin"


def has_administrator(connection: Connection) -> bool:
    """Whether a hall was begun on this database: no demonstration makes an administrator."""
    wanted = select(tables.accounts.c.user).where(tables.accounts.c.user == ADMINISTRATOR)
    return connection.execute(wanted).first() is not None


def first_administrator(connection: Connection) -> str | None:
    """The password of the administrator made at the first start; None when there is one already.

    One that was made before there was a district gets the first district that there is.
    """
    districts = district_ids(connection)
    scope = Scope(districts[0] if districts else "")
    known = roles.of(connection, ADMINISTRATOR)
    if known is not None and (known.home or not scope.district):
        return None
    if known is None and _has_accounts(connection):
        return None
    password = accounts.new_password()
    accounts.put(connection, Person(ADMINISTRATOR, Role.SYSTEM, scope), accounts.hashed(password))
    return password


def _has_accounts(connection: Connection) -> bool:
    return connection.execute(select(tables.accounts.c.user).limit(1)).first() is not None
