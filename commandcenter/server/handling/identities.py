"""Ids that nobody can guess and take beforehand: of imported cases, and of petitioners in the vault."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import Connection, select

from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command, Import, Take
from commandcenter.domain.ids import IMPORTED_AT, uuid7
from commandcenter.domain.people import Person
from commandcenter.domain.personal import is_personal_id, masked
from commandcenter.domain.text import clean
from commandcenter.protocol.codec import encode, read_record
from commandcenter.server.keeping.projections import find, place_of
from commandcenter.server.keeping.site_key import SiteKey
from commandcenter.server.keeping.tables import cases
from commandcenter.server.scope import case_filter, sees


def identified(connection: Connection, command: Command, person: Person, site: SiteKey) -> Command:
    """`command` with the ids that this site gives where a stranger could have guessed what the sender calls them."""
    if isinstance(command, Import):
        told = replace(command, external=clean(command.external))
        return replace(told, case=_case_of(connection, told, person, site))
    if isinstance(command, Take) and command.petitioner is not None and not is_personal_id(command.petitioner):
        return replace(command, petitioner=_petitioner(command.petitioner, person, site))
    return command


def _case_of(connection: Connection, row: Import, person: Person, site: SiteKey) -> str:
    """The id of the case that `row` tells of: of a known one in the importer's scope, else a new one.

    A known one has the id that the site gave for this row, or (imported by an earlier version) the id in the row
    itself, or it has the same external number in the same channel.
    """
    own = _import_id(row, person, site)
    former = next((case.id for case in _formerly(connection, row, person, own)), None)
    return former or own


def _formerly(connection: Connection, row: Import, person: Person, own: str) -> Iterator[Case]:
    """The imported cases in scope that `row` can mean, the likeliest first; looked for no further than asked."""
    scope = person.scope
    for key in (own, row.case):
        case = find(connection, scope.district, "case", key)
        if isinstance(case, Case) and _is_meant(case, row) and sees(scope, "case", place_of(case)):
            yield case
    same = (cases.c.district == scope.district, cases.c.channel == row.channel, cases.c.external == row.external)
    found = select(cases.c.body).where(*same, case_filter(scope)).order_by(cases.c.key)
    for body in connection.execute(found).scalars():
        case = read_record("case", body)
        if isinstance(case, Case) and _is_meant(case, row):
            yield case


def _is_meant(case: Case, row: Import) -> bool:
    """Whether it came by an import, with this number: a case of the hall's own is nobody's row.

    A personal number in it was masked when the case was made, unless an earlier version made it.
    """
    return case.source_hash is not None and case.external in (row.external, masked(row.external))


def _import_id(row: Import, person: Person, site: SiteKey) -> str:
    """Of each importing scope its own: what one street imports is not in the way of another."""
    scope = person.scope
    named = encode((scope.district, scope.street, scope.holder, row.case))
    return uuid7(IMPORTED_AT, site.mac("ids of imported cases", named)[:10])


def _petitioner(key: str, person: Person, site: SiteKey) -> str:
    """Bound to who made it: nobody can name, find or replace the part of another's petitioner."""
    made = site.mac("ids of petitioners", encode((person.scope.district, person.user, key)))
    return uuid7(int.from_bytes(made[10:16]), made[:10])
