"""The file of the cache itself: its form, when a doubt about it is noticed, and what is let go of."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import pytest

from commandcenter.cache import cache_file
from commandcenter.cache.cache_file import VERSION, CacheFile
from commandcenter.cache.engine import transaction
from commandcenter.cache.faults import DiskFault
from commandcenter.cache.mirror import Mirror, MirrorPosition
from commandcenter.protocol.codec import record_envelope
from tests.kit.inline_worker import InlineWorker
from tests.kit.scripted import a_case

T = TypeVar("T")
ROWS = "kind VARCHAR NOT NULL, id VARCHAR NOT NULL, rev INTEGER NOT NULL, body BLOB NOT NULL, proof INTEGER NOT NULL"
FORM = {
    1: [
        f"CREATE TABLE records ( {ROWS}, PRIMARY KEY (kind, id) ) WITHOUT ROWID",
        f"CREATE TABLE staged ( {ROWS}, PRIMARY KEY (kind, id) ) WITHOUT ROWID",
        "CREATE TABLE standing ( one INTEGER NOT NULL, body BLOB, PRIMARY KEY (one) )",
        "CREATE TABLE facts ( n INTEGER NOT NULL, record VARCHAR NOT NULL, type VARCHAR NOT NULL, body BLOB NOT NULL, "
        "PRIMARY KEY (n) )",
        "CREATE INDEX ix_facts_record ON facts (record)",
        "CREATE TABLE places ( layer VARCHAR NOT NULL, etag VARCHAR NOT NULL, body BLOB NOT NULL, "
        "PRIMARY KEY (layer) )",
    ],
}
FORM[2] = [*FORM[1][:2], f"CREATE TABLE last_read ( {ROWS}, PRIMARY KEY (kind, id) ) WITHOUT ROWID", *FORM[1][2:]]


class Noted(InlineWorker):
    """Knows whether it was closed, and what was done in it before that."""

    def __init__(self) -> None:
        self.done: list[str] = []

    async def run(self, work: Callable[[], T]) -> T:
        self.done.append("work")
        return await super().run(work)

    def close(self) -> None:
        self.done.append("closed")


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[sqlite3.Connection]:
    """Each that the file was opened with."""
    made: list[Any] = []
    real = cache_file.open_engine

    def noted(*given: Any, **more: Any) -> Any:
        engine = real(*given, **more)
        made.append(engine.raw_connection().driver_connection)
        return engine

    monkeypatch.setattr(cache_file, "open_engine", noted)
    return made


def is_open(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return False
    return True


async def test_the_form_of_the_file_is_that_of_its_version(tmp_path: Path) -> None:
    await CacheFile(tmp_path / "cache.db", worker=InlineWorker()).close()
    with closing(sqlite3.connect(tmp_path / "cache.db")) as connection:
        lines = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    assert [" ".join(line.split()) for (line,) in lines] == FORM[VERSION]


async def test_a_file_of_the_version_before_goes_on_with_all_that_it_holds(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "cache.db")) as connection, connection:
        for line in FORM[1]:
            connection.execute(line)
        connection.execute("PRAGMA user_version = 1")
    file = CacheFile(tmp_path / "cache.db", worker=InlineWorker())
    assert file.notes == []
    await file.close()
    with closing(sqlite3.connect(tmp_path / "cache.db")) as connection:
        lines = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        assert {" ".join(line.split()) for (line,) in lines} == set(FORM[2])
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)


async def test_an_error_of_the_database_repeats_nothing_of_what_was_to_be_written(tmp_path: Path) -> None:
    engine = cache_file.open_engine(tmp_path / "some.db", synchronous="NORMAL")
    with transaction(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE t (a UNIQUE)")
    with pytest.raises(DiskFault) as said, transaction(engine) as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (?), (?)", ("what people said",) * 2)
    assert "UNIQUE" in str(said.value)
    assert "people" not in f"{said.value} {said.value.__cause__}"
    engine.dispose()


async def test_a_damaged_page_is_noticed_when_the_file_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    file = CacheFile(path, worker=InlineWorker())
    mirror = Mirror(file)
    await mirror.begin()
    await mirror.stage([record_envelope(a_case(f"c{number}", text="积水" * 40)) for number in range(100)])
    await mirror.finish(MirrorPosition("u", "d1", "key", 1, 1, 10))
    await file.close()
    raw = bytearray(path.read_bytes())
    for at in range(0, len(raw), 4096):
        if b'"c50"' in raw[at : at + 4096]:
            raw[at : at + 4096] = b"\xa5" * 4096
    path.write_bytes(raw)
    file = CacheFile(path, worker=InlineWorker())
    assert [note.partition(":")[0] for note in file.notes] == ["journal_damaged"]
    assert await Mirror(file).load() is None
    await file.close()


async def test_what_was_opened_and_is_not_used_any_more_is_let_go_of(tmp_path: Path, connections: list[Any]) -> None:
    worker = Noted()
    file = CacheFile(tmp_path / "cache.db", worker=worker)
    await file.clear("a doubt")
    assert [is_open(one) for one in connections] == [False, True]
    await file.close()
    assert [is_open(one) for one in connections] == [False, False]
    assert worker.done == ["work", "work", "closed"]
    with closing(sqlite3.connect(tmp_path / "cache.db")) as made:
        made.execute("PRAGMA user_version = 7")
    file = CacheFile(tmp_path / "cache.db", worker=InlineWorker())
    assert [is_open(one) for one in connections[2:]] == [False, True]
    await file.close()
