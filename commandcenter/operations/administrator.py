"""Creates the administrator of a hall once, at the first start, with a random password."""

from sqlalchemy import Connection, select

from commandcenter.domain.people import Person, Role, Scope
from commandcenter.server.auth import accounts, roles
from commandcenter.server.storage import tables
from commandcenter.server.storage.districts import district_ids

ADMINISTRATOR = "admin"


def has_administrator(connection: Connection) -> bool:
    """Returns whether the database belongs to a hall: the demonstration creates no administrator."""
    wanted = select(tables.accounts.c.user).where(tables.accounts.c.user == ADMINISTRATOR)
    return connection.execute(wanted).first() is not None


def first_administrator(connection: Connection) -> str | None:
    """Creates the administrator at the first start and returns the password; None when there is nothing to do.

    Nothing is done when there is an administrator with a district, or there are only other accounts. One that was
    created before there was a district gets the first district that exists, and a new password.
    """
    districts = district_ids(connection)
    scope = Scope(districts[0] if districts else "")
    known = roles.role_history(connection, ADMINISTRATOR)
    if known is not None and (known.home or not scope.district):
        return None
    if known is None and _has_accounts(connection):
        return None
    password = accounts.new_password()
    accounts.put(connection, Person(ADMINISTRATOR, Role.SYSTEM, scope), accounts.hashed(password))
    return password


def _has_accounts(connection: Connection) -> bool:
    return connection.execute(select(tables.accounts.c.user).limit(1)).first() is not None
