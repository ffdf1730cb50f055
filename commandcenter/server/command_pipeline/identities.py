"""Gives imported cases, and petitioners in the vault, ids that nobody can guess and take beforehand."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command, Import
from commandcenter.domain.fields import Sealed, marked
from commandcenter.domain.ids import IMPORTED_AT, uuid7
from commandcenter.domain.people import Person
from commandcenter.domain.personal import is_personal_id, masked
from commandcenter.domain.text import clean
from commandcenter.domain.visibility import sees
from commandcenter.protocol.codec import encode, read_record
from commandcenter.server.storage.projections import find
from commandcenter.server.storage.scope import case_filter
from commandcenter.server.storage.site_key import SiteKey
from commandcenter.server.storage.tables import cases


def with_site_ids(connection: Connection, command: Command, person: Person, site: SiteKey) -> Command:
    """Returns `command` with ids given by this site where a stranger could have guessed those of the sender."""
    if isinstance(command, Import):
        told = replace(command, external=clean(command.external))
        return replace(told, case=_case_of(connection, told, person, site))
    people = {mark.of: getattr(command, mark.of) for _, mark in marked(command, Sealed)}
    known = {name: key for name, key in people.items() if key is not None and not is_personal_id(key)}
    own: dict[str, Any] = {name: _petitioner(key, person, site) for name, key in known.items()}
    return replace(command, **own) if own else command  # type: ignore[type-var]


def _case_of(connection: Connection, row: Import, person: Person, site: SiteKey) -> str:
    """Returns the case id for `row`: that of a known case in the importer's scope, else a new one.

    A known case has the id that the site gave for this row, or (imported by an earlier version) the id in the row
    itself, or the same external number in the same channel.
    """
    own = _import_id(row, person, site)
    former = next((case.id for case in _imported_before(connection, row, person, own)), None)
    return former or own


def _imported_before(connection: Connection, row: Import, person: Person, own: str) -> Iterator[Case]:
    """Yields the imported cases in scope that `row` can mean, the likeliest first; looks up no more than asked for."""
    scope = person.scope
    for key in (own, row.case):
        case = find(connection, scope.district, "case", key)
        if isinstance(case, Case) and _is_meant(case, row) and sees(person, case):
            yield case
    same = (cases.c.district == scope.district, cases.c.channel == row.channel, cases.c.external == row.external)
    found = select(cases.c.body).where(*same, case_filter(person)).order_by(cases.c.key)
    for body in connection.execute(found).scalars():
        case = read_record("case", body)
        if isinstance(case, Case) and _is_meant(case, row):
            yield case


def _is_meant(case: Case, row: Import) -> bool:
    """Returns whether the case was imported under this number; one of the hall's own is never meant.

    A personal number in it was masked when the case was created, unless an earlier version created it.
    """
    return case.source_hash is not None and case.external in (row.external, masked(row.external))


def _import_id(row: Import, person: Person, site: SiteKey) -> str:
    """The id depends on the importing scope, so that the imports of one street do not block another's."""
    scope = person.scope
    named = encode((scope.district, scope.street, scope.holder, row.case))
    return uuid7(IMPORTED_AT, site.mac("ids of imported cases", named)[:10])


def _petitioner(key: str, person: Person, site: SiteKey) -> str:
    """The id depends on the user, so that nobody can name, find or replace the sealed part of another's petitioner."""
    made = site.mac("ids of petitioners", encode((person.scope.district, person.user, key)))
    return uuid7(int.from_bytes(made[10:16]), made[:10])
