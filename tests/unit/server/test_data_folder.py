"""A data folder: held by one platform, refused in a sentence when it cannot be used, never half written."""

import os
import sqlite3
import stat
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, select

from commandcenter.server.errors import UnusableEnvironment
from commandcenter.server.platform import Platform, open_platform
from commandcenter.server.storage import database, tables
from commandcenter.server.storage.folder_lock import hold, is_held
from tests.kit.platform import Clock
from tests.kit.rights import an_ordinary_user


def _code(data: Path) -> str:
    with pytest.raises(UnusableEnvironment) as raised, open_platform(data):
        pass
    sentence = str(raised.value)
    assert "\n" not in sentence
    assert len(sentence) > 20
    return raised.value.code


def test_a_second_platform_is_refused(platform: Platform) -> None:
    assert is_held(platform.data)
    assert _code(platform.data) == "held"


def test_a_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    assert not is_held(tmp_path / "new")
    with hold(tmp_path / "new"):
        assert is_held(tmp_path / "new")
    assert not is_held(tmp_path / "new")


def test_a_file_instead_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert _code(tmp_path / "file") == "not_a_folder"
    assert _code(tmp_path / "file" / "below") in ("read_only", "not_a_folder")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_a_read_only_folder(tmp_path: Path) -> None:
    with an_ordinary_user(tmp_path):
        with database.writing(tmp_path):
            pass
        tmp_path.chmod(0o500)
        assert _code(tmp_path) == "read_only"
        tmp_path.chmod(0o700)


def test_a_database_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.writing(tmp_path):
        pass
    monkeypatch.setattr(os, "access", lambda file, mode: False)  # root may write everywhere
    assert _code(tmp_path) == "read_only"


def test_what_people_said_is_in_no_error(platform: Platform) -> None:
    def twice(connection: Connection) -> None:
        for _ in range(2):
            connection.execute(tables.numbers.insert(), {"district": "d", "day": "张三 13800001111", "last": 1})

    error = platform.writer.submit(twice).exception()
    assert "UNIQUE" in str(error)
    assert "13800001111" not in str(error)


def test_a_damaged_database_is_left_as_it_is(tmp_path: Path) -> None:
    database.file_in(tmp_path).write_bytes(b"this is no database" * 400)
    before = database.file_in(tmp_path).read_bytes()
    assert _code(tmp_path) == "corrupt"
    assert database.file_in(tmp_path).read_bytes() == before


def test_a_database_from_the_future_is_refused(tmp_path: Path) -> None:
    with database.writing(tmp_path) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert _code(tmp_path) == "newer"


def test_the_migrations_make_the_tables_that_the_code_uses(tmp_path: Path) -> None:
    with database.writing(tmp_path) as connection:
        found = inspect(connection)
        for table in tables.metadata.sorted_tables:
            made = {(column["name"], column["nullable"]) for column in found.get_columns(table.name)}
            meant = {(column.name, bool(column.nullable)) for column in table.columns}
            assert {name for name, _ in made} == {name for name, _ in meant}, table.name
            assert {index["name"] for index in found.get_indexes(table.name)} == {index.name for index in table.indexes}
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_the_key_is_for_its_owner_alone_and_stays_the_same(tmp_path: Path) -> None:
    with open_platform(tmp_path, now=Clock()) as platform:
        key = bytes(platform.seal_key)
    with open_platform(tmp_path, now=Clock()) as platform:
        assert bytes(platform.seal_key) == key
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "seal.key").stat().st_mode) == 0o600
    (tmp_path / "seal.key").write_bytes(b"short")
    assert _code(tmp_path) == "corrupt"


def test_a_block_that_fails_writes_nothing(tmp_path: Path) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(tables.numbers.insert(), {"district": "d", "day": "x", "last": 1})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), database.writing(tmp_path) as connection:
        fail(connection)
    raw = sqlite3.connect(database.file_in(tmp_path))
    assert raw.execute("SELECT count(*) FROM numbers").fetchone() == (0,)
    raw.close()


def test_readers_cannot_write(platform: Platform) -> None:
    def write(connection: object) -> None:
        connection.execute(tables.numbers.insert(), {"district": "d", "day": "x", "last": 1})  # type: ignore[attr-defined]

    with pytest.raises(Exception, match="readonly"):
        platform.readers.now(write)
    assert platform.readers.now(lambda connection: connection.execute(select(tables.numbers)).all()) == []
