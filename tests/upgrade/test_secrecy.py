"""A secret case of an earlier version: after the upgrade its taker can read it, others cannot find it by its text."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from commandcenter.server.platform import open_platform
from tests.kit.platform import Clock, calling, new_id, sit_down, small_platform, wish

TEXT, NUMBER = "隔壁夜里打人，我是楼上的租客", "WX-880099"


def as_before(file: Path) -> None:
    """Changes the file to that of an earlier version: all words can be searched, and no case says who took it."""
    with closing(sqlite3.connect(file)) as connection, connection:
        for table, column in (("cases", "body"), ("log", '"after"')):
            for row, body in connection.execute(f"SELECT rowid, {column} FROM {table}").fetchall():
                record = {name: value for name, value in json.loads(body).items() if name != "taken_by"}
                said = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (said, row))
        for key, words in connection.execute("SELECT rowid, words FROM case_words").fetchall():
            connection.execute("DELETE FROM case_words WHERE rowid = ?", (key,))
            plain = words.replace("\ue000", "")
            connection.execute("INSERT INTO case_words (rowid, words) VALUES (?, ?)", (key, plain))
        for later in (
            "DROP TABLE settings",
            "DROP TABLE steps",
            "ALTER TABLE log DROP COLUMN role",
            "ALTER TABLE log DROP COLUMN acted_at",
        ):
            connection.execute(later)
        _place_in_columns(connection)
        connection.execute("UPDATE alembic_version SET version_num = '0008'")


def _place_in_columns(connection: sqlite3.Connection) -> None:
    """Gives the log its former columns in the stead of tokens."""
    for table in ("audience", "log_audience"):
        connection.execute(f"DROP TABLE {table}")
    for name in ("was", "now"):
        connection.execute(f"ALTER TABLE log DROP COLUMN {name}")
    for name, field in (("street", "street"), ("holder", "responsible")):
        connection.execute(f"ALTER TABLE log ADD COLUMN {name}")
        connection.execute(f"ALTER TABLE log ADD COLUMN was_{name}")
        connection.execute(f"""UPDATE log SET {name} = json_extract(CAST("after" AS TEXT), '$.{field}')""")
        connection.execute(f"UPDATE log SET was_{name} = {name} WHERE changed <> '*'")
    for name in ("reference", "street", "holder", "left_street", "left_holder"):
        connection.execute(f"CREATE INDEX ix_log_{name} ON log (seq)")


def kept(file: Path) -> dict[str, list[Any]]:
    """Returns everything that the upgrade changes."""
    with closing(sqlite3.connect(file)) as connection:
        return {
            "cases": connection.execute("SELECT id, body FROM cases ORDER BY id").fetchall(),
            "log": connection.execute('SELECT seq, "after" FROM log ORDER BY seq, part').fetchall(),
            "words": connection.execute("SELECT rowid, words FROM case_words ORDER BY rowid").fetchall(),
        }


async def test_a_secret_case_of_an_earlier_version_is_read_by_who_took_it_and_found_by_nobody_else(
    tmp_path: Path,
) -> None:
    data, case = tmp_path / "data", new_id()
    with small_platform(data, clock=Clock()) as platform:
        async with calling(platform) as http:
            clerk = await sit_down(http, "clerk")
            given = {"channel": "hotline", "kind": "water", "place": "宁国路口", "street": "east", "text": TEXT}
            asked = {"case": case, "external": NUMBER, "secret": True}
            assert (await clerk.send(wish("take", **(given | asked))))[0]["status"] == "applied"
            await clerk.take(text="路灯不亮", place="宁国路口")
    file = data / "platform.db"
    new = kept(file)
    as_before(file)
    assert kept(file) != new
    with open_platform(data, now=Clock()) as platform:
        async with calling(platform) as http:
            for user, found in (("clerk", 1), ("shift", 1), ("dispatcher", 0)):
                desk = await sit_down(http, user)
                assert (await desk.get(f"/v1/cases/{case}")).json()["text"] == (TEXT if found else "")
                for wanted in ("租客", NUMBER, "099"):
                    assert (await desk.get("/v1/cases", q=wanted)).json()["total"] == found, (user, wanted)
                assert (await desk.get("/v1/cases", q="宁国路")).json()["total"] == 2
    is_secret = [key for key, body in new["cases"] if b'"secret":true' in body]
    assert is_secret == [case]
    assert json.loads(dict(kept(file)["cases"])[case]) == json.loads(dict(new["cases"])[case])
    assert kept(file)["words"] == new["words"]
