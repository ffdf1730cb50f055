"""The audit of those who are nobody at the moment, and of names that are nobody's: kept, and only so many."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from commandcenter.domain.people import Person, Role, Scope
from commandcenter.server.storage import audit, database, tables
from tests.kit.district import NOON

CLERK = Person("clerk", Role.INTAKE_CLERK, Scope("d1"))


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with database.writing(tmp_path) as connection:
        yield connection


def rows(connection: Connection) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(select(tables.audit).order_by(tables.audit.c.id))]


def test_a_row_has_all_that_is_known_of_who_did_it(connection: Connection) -> None:
    audit.note(connection, CLERK, "file", at=NOON, outcome="role", record="case:c", cmd_id="x", on_behalf_of="li")
    audit.note(connection, CLERK, "backup", at=NOON + timedelta(seconds=1), outcome="applied")
    audit.note_without_role(connection, "li", "d1", "sign_in", at=NOON, outcome="no_role")
    known = {"district": "d1", "user": "clerk", "role": "intake_clerk"}
    assert rows(connection) == [
        {"id": 1, "at": NOON.timestamp(), "action": "file", "outcome": "role", **known}
        | {"record": "case:c", "cmd_id": "x", "on_behalf_of": "li"},
        {"id": 2, "at": NOON.timestamp() + 1, "action": "backup", "outcome": "applied", **known}
        | {"record": "", "cmd_id": None, "on_behalf_of": None},
        {"id": 3, "at": NOON.timestamp(), "action": "sign_in", "outcome": "no_role", "district": "d1", "user": "li"}
        | {"role": "", "record": "", "cmd_id": None, "on_behalf_of": None},
    ]


@pytest.mark.parametrize("most", [0, 1, 3, 5, 9])
def test_of_names_that_nobody_has_the_newest_stay_and_all_that_is_somebodys(connection: Connection, most: int) -> None:
    for number in range(5):
        audit.note_without_role(
            connection, "", "", "sign_in", at=NOON + timedelta(seconds=number), outcome="wrong_password"
        )
        audit.note_without_role(connection, "li", "d1", "sign_in", at=NOON, outcome="no_role")
    audit.trim_unknown_users(connection, most=most)
    left = rows(connection)
    assert [row["at"] - NOON.timestamp() for row in left if not row["user"]] == [0, 1, 2, 3, 4][max(0, 5 - most) :]
    assert [row["user"] for row in left if row["user"]] == ["li"] * 5
