"""Creates the demonstration's accounts: one for every role in each district."""

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import ColumnElement, Connection, and_, select

from commandcenter.domain.people import HOLDER_SEATS, Holder, HolderKind, Person, Role, Scope
from commandcenter.protocol.codec import read_record
from commandcenter.server.auth import accounts
from commandcenter.server.storage import tables
from commandcenter.server.storage.districts import district_ids
from commandcenter.sync.demo_accounts import DemoAccount

STREETS = 2  # streets per district that get accounts
_DISTRICT_WIDE = (Role.DISPATCHER, Role.COORDINATOR, Role.INTAKE_CLERK, Role.SHIFT_LEADER, Role.LEADER, Role.SYSTEM)


def replace_demo_accounts(connection: Connection) -> list[DemoAccount]:
    """Creates or replaces the accounts of all districts and returns them.

    Each account gets a new random password, and sessions of earlier starts end.
    """
    districts = district_ids(connection)
    people = [person for at, district in enumerate(districts) for person in _people(connection, district, first=not at)]
    passwords = [accounts.new_password() for _ in people]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        hashes = list(pool.map(accounts.hashed, passwords))
    if people:
        accounts.put_all(connection, list(zip(people, hashes, strict=True)))
    return [DemoAccount.of(person, password) for person, password in zip(people, passwords, strict=True)]


def _people(connection: Connection, district: str, *, first: bool) -> Iterator[Person]:
    prefix = "" if first else f"{district}."
    for role in _DISTRICT_WIDE:
        yield Person(f"{prefix}{role.value}", role, Scope(district))
    holders = read_holders(connection, district)
    for street in _streets(connection, district, holders):
        yield Person(f"{prefix}{street}.dispatcher", Role.STREET_DISPATCHER, Scope(district, street=street))
        yield from _of_street(prefix, district, [holder for holder in holders if holder.street == street])
    for holder in holders:
        if holder.kind is HolderKind.DEPARTMENT:
            yield Person(f"{prefix}{holder.id}", Role.DEPARTMENT, Scope(district, department=holder.id))


def _of_street(prefix: str, district: str, holders: list[Holder]) -> Iterator[Person]:
    """Yields an account for every unit of a street and for its first grid team."""
    teams = [holder for holder in holders if holder.kind is HolderKind.GRID_TEAM][:1]
    units = [holder for holder in holders if holder.kind is HolderKind.UNIT]
    for holder in (*units, *teams):
        role, part = HOLDER_SEATS[holder.kind]
        yield Person(f"{prefix}{holder.id}", role, Scope(district, street=holder.street, **{part: holder.id}))


def _streets(connection: Connection, district: str, holders: list[Holder]) -> list[str]:
    """Returns the ids of at most STREETS streets, those with the most units first, ties by id; none need have units."""
    wanted = select(tables.records.c.id).where(_of_kind(district, "street"))
    units = Counter(holder.street for holder in holders if holder.kind is HolderKind.UNIT)
    return sorted(connection.execute(wanted).scalars(), key=lambda street: (-units[street], street))[:STREETS]


def read_holders(connection: Connection, district: str) -> list[Holder]:
    """Returns the holders of `district` in the order of their ids."""
    wanted = select(tables.records.c.body).where(_of_kind(district, "holder")).order_by(tables.records.c.id)
    found = (read_record("holder", body) for body in connection.execute(wanted).scalars())
    return [holder for holder in found if isinstance(holder, Holder)]


def _of_kind(district: str, kind: str) -> ColumnElement[bool]:
    return and_(tables.records.c.district == district, tables.records.c.kind == kind)
