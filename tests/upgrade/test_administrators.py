"""A hall of before has a person in the role of a machine: the upgrade makes that account a security administrator."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from commandcenter.domain.people import NOWHERE, Person, Role, Scope
from commandcenter.server.auth import roles
from commandcenter.server.storage import database
from tests.upgrade.record import FILES, RELEASES, made

SPAN = 'INSERT INTO spans ("user", role, district, since, "until") VALUES (?, ?, ?, ?, ?)'
ACCOUNT = "INSERT INTO accounts VALUES (?, 'hash', ?, 1)"


@pytest.mark.parametrize("district", ["", "d1"])
def test_the_administrator_of_before_administers_accounts_and_a_machine_stays_one(
    tmp_path: Path, district: str
) -> None:
    made(RELEASES / "4", tmp_path)
    file = tmp_path / FILES["platform"]
    with closing(sqlite3.connect(file)) as connection, connection:
        for user in ("admin", "importer"):
            connection.execute(ACCOUNT, (user, district))
            connection.execute(SPAN, (user, "system", district, 0.0, None))
    with database.writing(file.parent) as connection:
        admin, importer = (roles.role_history(connection, user) for user in ("admin", "importer"))
    assert admin is not None
    assert importer is not None
    was, now = admin.spans
    assert was.person == Person("admin", Role.SYSTEM, Scope(district))
    assert now.person == Person("admin", Role.SECURITY_ADMIN, Scope(district, street=NOWHERE))
    assert (was.until, now.until) == (now.since, None)
    assert [span.person.role for span in importer.spans] == [Role.SYSTEM]
    assert importer.spans[0].until is None


@pytest.mark.parametrize(("role", "until"), [("system", 1.0), ("leader", None)])
def test_an_admin_who_has_that_role_no_more_gets_none(tmp_path: Path, role: str, until: float | None) -> None:
    made(RELEASES / "4", tmp_path)
    file = tmp_path / FILES["platform"]
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(ACCOUNT, ("admin", "d1"))
        connection.execute(SPAN, ("admin", role, "d1", 0.0, until))
    with database.writing(file.parent) as connection:
        admin = roles.role_history(connection, "admin")
    assert admin is not None
    assert [(str(span.person.role), span.until is None) for span in admin.spans] == [(role, until is None)]
