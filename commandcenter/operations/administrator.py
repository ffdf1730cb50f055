"""Creates the first account of a platform, at the first start, with a random password."""

from sqlalchemy import Connection, select

from commandcenter.domain.people import NOWHERE, Person, Role, Scope
from commandcenter.server.auth import accounts
from commandcenter.server.storage import tables

ADMINISTRATOR = "admin"


def has_administrator(connection: Connection) -> bool:
    """Returns whether the database belongs to a hall: the demonstration creates no administrator."""
    wanted = select(tables.accounts.c.user).where(tables.accounts.c.user == ADMINISTRATOR)
    return connection.execute(wanted).first() is not None


def first_administrator(connection: Connection) -> str | None:
    """Creates the security administrator of the platform and returns the password; None when there are accounts."""
    if connection.execute(select(tables.accounts.c.user).limit(1)).first() is not None:
        return None
    password = accounts.new_password()
    first = Person(ADMINISTRATOR, Role.SECURITY_ADMIN, Scope("", street=NOWHERE))
    accounts.put(connection, first, accounts.hashed(password))
    return password
