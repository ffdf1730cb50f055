"""Creates accounts for the shift alone, for holders without one, so that their cases are worked on."""

from sqlalchemy import Connection, delete, select

from commandcenter.demonstration.accounts import read_holders
from commandcenter.domain.people import HOLDER_SEATS, Holder, Person, Scope
from commandcenter.server.auth.accounts import end_sessions, hashed, new_password, put_all
from commandcenter.server.storage.tables import accounts, spans
from commandcenter.sync.demo_accounts import DemoAccount

PREFIX = "shift."


def shift_accounts(connection: Connection, district: str) -> list[DemoAccount]:
    """Returns a new account for each holder of `district` without one.

    They share one random password that is not stored in clear; accounts of an earlier start are deleted.
    """
    _forget(connection, district)
    seated = _seated(connection, district)
    password = new_password()
    people = [_person(holder, district) for holder in read_holders(connection, district) if holder.id not in seated]
    if people:
        kept = hashed(password)
        put_all(connection, [(person, kept) for person in people])
    return [DemoAccount.of(person, password) for person in people]


def _forget(connection: Connection, district: str) -> None:
    ours = select(accounts.c.user).where(accounts.c.district == district, accounts.c.user.startswith(PREFIX))
    end_sessions(connection, connection.execute(ours).scalars().all())
    connection.execute(delete(accounts).where(accounts.c.user.in_(ours)))


def _seated(connection: Connection, district: str) -> set[str]:
    """Returns the ids of holders with an account; roles whose account was deleted do not count."""
    parts = select(spans.c.unit, spans.c.department, spans.c.grid)
    seats = parts.join(accounts, accounts.c.user == spans.c.user)
    here = (spans.c.district == district, spans.c.until.is_(None))
    return {key for row in connection.execute(seats.where(*here)) for key in row if key}


def _person(holder: Holder, district: str) -> Person:
    role, part = HOLDER_SEATS[holder.kind]
    return Person(f"{PREFIX}{holder.id}", role, Scope(district, **{"street": holder.street, part: holder.id}))
