"""Results that earlier versions deleted after a month: an upgrade restores them from the log and the audit."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from commandcenter.server.platform import open_platform
from tests.upgrade.record import FILES, RELEASES, made


def answers(file: Path) -> dict[str, tuple[object, ...]]:
    """Returns (user, status, code, seq, revs, about) of each applied or withdrawn command, by its id."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT cmd_id, user, result FROM dedupe").fetchall()
    read = ((key, user, json.loads(result)) for key, user, result in rows)
    names = ("status", "code", "seq", "revs", "about")
    known = ((key, user, one) for key, user, one in read if one["status"] == "applied" or one["code"] == "withdrawn")
    return {key: (user, *(one.get(name) for name in names)) for key, user, one in known}


def test_what_was_forgotten_is_known_again_and_by_whom_it_was_done(tmp_path: Path) -> None:
    made(RELEASES / "3", tmp_path)
    file = tmp_path / FILES["platform"]
    before = answers(file)
    assert {one[1:3] for one in before.values()} == {("applied", None), ("refused", "withdrawn")}
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM dedupe")
    with open_platform(tmp_path / "platform"):
        pass
    assert answers(file) == before
