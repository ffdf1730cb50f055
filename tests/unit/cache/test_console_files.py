"""The files of a profile below the journal and the cache: how SQLite is set up, what a fault is called, the lock."""

import asyncio
import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from commandcenter.cache import journal_schema
from commandcenter.cache.engine import check, file_fault, open_engine, transaction
from commandcenter.cache.faults import Damaged, DiskFault, FileFault, InUse, NewerJournal, ReadOnly
from commandcenter.cache.journal_schema import VERSION, inspect, migrate
from commandcenter.cache.outages import MOST, Outage, OutageFile
from commandcenter.cache.profile_lock import ProfileLock
from commandcenter.cache.worker import ThreadWorker
from commandcenter.server.errors import UnusableEnvironment
from commandcenter.server.storage.folder_lock import hold
from tests.kit.inline_worker import InlineWorker

if sys.platform != "win32":
    import fcntl

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.mark.parametrize(("synchronous", "number"), [("FULL", 2), ("NORMAL", 1)])
def test_a_database_is_written_ahead_and_flushed_as_its_owner_says(tmp_path, synchronous, number):
    engine = open_engine(tmp_path / "some.db", synchronous=synchronous)
    with engine.connect() as connection:
        told = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "temp_store")
        ]
    assert told == ["wal", number, 1, 2]
    engine.dispose()


def test_whoever_begins_a_transaction_has_the_file_before_the_first_line(tmp_path):
    engine = open_engine(tmp_path / "some.db", synchronous="NORMAL")
    with (
        closing(sqlite3.connect(tmp_path / "some.db", timeout=0, isolation_level=None)) as other,
        transaction(engine),
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")
    engine.dispose()


@pytest.mark.parametrize("file", ["some.db", None])
async def test_a_transaction_is_whole_or_nothing_in_whichever_thread_it_runs(tmp_path, file):
    engine, worker = open_engine(tmp_path / file if file else None, synchronous="NORMAL"), ThreadWorker("some")

    def write(value: int, *, breaks: bool) -> None:
        with transaction(engine) as connection:
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS t (a)")
            connection.exec_driver_sql("INSERT INTO t VALUES (?)", (value,))
            if breaks:
                raise RuntimeError("in the middle")

    def read() -> list[int]:
        with transaction(engine) as connection:
            return list(connection.exec_driver_sql("SELECT a FROM t").scalars())

    write(1, breaks=False)
    await worker.run(lambda: write(2, breaks=False))
    with pytest.raises(RuntimeError):
        await worker.run(lambda: write(3, breaks=True))
    assert read() == await worker.run(read) == await asyncio.to_thread(read) == [1, 2]
    engine.dispose()
    worker.close()


WORDS = [
    ("database disk image is malformed", Damaged), ("file is not a database", Damaged), ("no such table: t", Damaged),
    ("no such column: a", Damaged), ("malformed database schema", Damaged), ("could not decode to UTF-8", Damaged),
    ("disk I/O error", DiskFault), ("database or disk is full", DiskFault), ("database is locked", DiskFault),
]  # fmt: skip


@pytest.mark.parametrize(("said", "kind"), WORDS)
def test_a_fault_is_of_the_file_or_of_the_disk_under_it(tmp_path, said, kind):
    engine = open_engine(tmp_path / "some.db", synchronous="NORMAL")
    for wrong in (sqlite3.DatabaseError(said), OperationalError("SELECT 'no such table'", {}, sqlite3.Error(said))):
        fault = file_fault(wrong, engine)
        assert (type(fault), fault.about) == (kind, str(tmp_path / "some.db") if kind is Damaged else said)
        with pytest.raises(kind), transaction(engine):
            raise wrong
    engine.dispose()


def test_what_sqlite_quotes_out_of_a_damaged_file_is_damage_too(tmp_path):
    engine = open_engine(tmp_path / "some.db", synchronous="NORMAL")
    with pytest.raises(Damaged), transaction(engine):
        b"\xff".decode()
    engine.dispose()


def test_a_check_finds_a_whole_file_whole_and_names_the_one_that_is_not(tmp_path):
    path = tmp_path / "some.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as made:
        made.execute("CREATE TABLE t (a)")
        made.executemany("INSERT INTO t VALUES (?)", [(b"x" * 1000,)] * 100)
    engine = open_engine(path, synchronous="NORMAL")
    check(engine)
    engine.dispose()
    good = path.read_bytes()
    for spoilt in (good[:8192] + b"\xa5" * 4096 + good[12288:], b"\xa5" * 8192):
        path.write_bytes(spoilt)
        engine = open_engine(path, synchronous="NORMAL")
        with pytest.raises(Damaged) as said:
            check(engine)
        assert said.value.about == str(path)
        engine.dispose()


def test_a_fault_of_a_file_says_which():
    assert (str(ReadOnly(Path("a"))), FileFault().about, str(DiskFault("full"))) == ("read_only: a", "", "disk: full")


@pytest.mark.parametrize("at", range(VERSION + 1))
def test_a_journal_of_any_version_is_brought_to_the_present_one_step_by_step(tmp_path, monkeypatch, at):
    engine = open_engine(tmp_path / "journal.db", synchronous="NORMAL")
    with monkeypatch.context() as then:
        then.setattr(journal_schema, "VERSION", at)
        migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA user_version").scalar_one() == VERSION
        there = [name for _, name, *_ in connection.exec_driver_sql("PRAGMA table_info(commands)")]
    assert there == [column.name for column in journal_schema.commands.columns]
    migrate(engine)
    engine.dispose()


def test_a_step_that_breaks_leaves_the_version_before_it(tmp_path, monkeypatch):
    engine = open_engine(tmp_path / "journal.db", synchronous="NORMAL")
    steps = (("CREATE TABLE a (b)",), ("CREATE TABLE c (d)", "CREATE TABLE a (b)"))
    monkeypatch.setattr(journal_schema, "_STEPS", steps)
    monkeypatch.setattr(journal_schema, "VERSION", 2)
    with pytest.raises(DiskFault):
        migrate(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA user_version").scalar_one() == 1
        assert list(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars()) == ["a"]
    engine.dispose()


def made(path: Path, version: int = 0) -> bytes:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE t (a, b)")
        connection.execute("CREATE INDEX i ON t (a)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", [(f"key {number}", b"x" * 50) for number in range(200)])
        connection.execute(f"PRAGMA user_version={version}")
    return path.read_bytes()


def test_a_look_at_a_journal_changes_nothing_and_finds_nothing_wrong_where_nothing_is(tmp_path):
    path = tmp_path / "journal.db"
    inspect(path)
    assert list(tmp_path.iterdir()) == []
    path.write_bytes(b"")
    inspect(path)
    for version in (0, VERSION):
        path.unlink()
        was = made(path, version)
        inspect(path)
        assert (path.read_bytes(), list(tmp_path.iterdir())) == (was, [path])
    path.unlink()
    made(path, VERSION + 1)
    with pytest.raises(NewerJournal) as said:
        inspect(path)
    assert said.value.about == str(path)


def test_an_entry_of_an_index_that_fell_over_is_damage_and_so_is_what_is_no_database(tmp_path):
    path = tmp_path / "journal.db"
    good = made(path)
    index = next(at for at in range(0, len(good), 4096) if good[at] == 0x0A)
    for spoilt in (good[:index] + good[index:].replace(b"key 7", b"key 6", 1), b"\xa5" * 4096):
        assert spoilt != good
        path.write_bytes(spoilt)
        with pytest.raises(Damaged) as said:
            inspect(path)
        assert said.value.about == str(path)


def test_a_journal_out_of_which_sqlite_quotes_what_nobody_can_read_is_damaged(tmp_path):
    path = tmp_path / "journal.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE tttt (a)")
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"tabletttt", b"table\xff\xff\xff\xff").replace(b"CREATE TABLE", b"CREATE TABLX"))
    assert path.read_bytes() != raw
    with closing(sqlite3.connect(path)) as connection, pytest.raises(UnicodeDecodeError):
        connection.execute("PRAGMA integrity_check(1)")
    with pytest.raises(Damaged) as said:
        inspect(path)
    assert said.value.about == str(path)


def test_what_is_only_in_the_log_of_a_journal_is_looked_at_too(tmp_path):
    path = tmp_path / "journal.db"
    made(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as writing:
        writing.execute("PRAGMA journal_mode=WAL")
        writing.execute(f"PRAGMA user_version={VERSION + 1}")
        with pytest.raises(NewerJournal):
            inspect(path)


def test_a_journal_that_cannot_even_be_read_is_of_a_disk_that_does_not_let_it(tmp_path):
    (tmp_path / "journal.db").mkdir()
    (tmp_path / "journal.db" / "some").write_text("x", encoding="utf-8")
    with pytest.raises(ReadOnly) as said:
        inspect(tmp_path / "journal.db")
    assert said.value.about == str(tmp_path / "journal.db")


def test_a_profile_is_one_consoles_until_it_is_let_go(tmp_path, monkeypatch):
    folder, handles = tmp_path / "profile", set[int]()
    lock, real_open, real_close = ProfileLock(folder), os.open, os.close

    def noted(*given: Any) -> int:
        handle = real_open(*given)
        handles.add(handle)
        return handle

    monkeypatch.setattr(os, "open", noted)
    monkeypatch.setattr(os, "close", lambda handle: handles.discard(handle) or real_close(handle))
    for _ in range(3):
        with pytest.raises(InUse) as said:
            ProfileLock(folder)
        assert said.value.about == str(folder)
    assert handles == set()
    lock.release()
    again = ProfileLock(folder)
    again.release()
    again.release()  # let go already
    ProfileLock(folder).release()
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ReadOnly) as said:
        ProfileLock(tmp_path / "file")
    assert said.value.about == str(tmp_path / "file")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other locks")
def test_the_console_of_a_former_version_keeps_this_one_out_of_its_profile(tmp_path):
    with (tmp_path / "lock").open("w") as former:
        fcntl.flock(former, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with pytest.raises(InUse):
            ProfileLock(tmp_path)
    ProfileLock(tmp_path).release()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
def test_a_console_ended_by_kill_9_leaves_its_profile_free(tmp_path):
    program = "import sys, time; from pathlib import Path; from commandcenter.cache.profile_lock import ProfileLock; "
    program += "held = ProfileLock(Path(sys.argv[1])); print('held', flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE) as other:
        try:
            assert other.stdout.readline() == b"held\n"
            with pytest.raises(InUse):
                ProfileLock(tmp_path)
        finally:
            other.kill()
    ProfileLock(tmp_path).release()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other locks")
def test_a_network_folder_without_locks_is_said_and_no_other_console_is_blamed(tmp_path, monkeypatch):
    def no_locks(handle: int, how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", no_locks)
    with pytest.raises(ReadOnly):
        ProfileLock(tmp_path)
    with pytest.raises(UnusableEnvironment, match="No locks available") as said, hold(tmp_path):
        pass
    assert said.value.code == "read_only"


class Noted(InlineWorker):
    """Knows whether it was closed."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True


async def test_the_last_hundred_outages_are_kept_and_flushed_before_they_take_their_place(tmp_path, monkeypatch):
    steps: list[Any] = []
    real_fsync, real_replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda handle: steps.append(os.fstat(handle).st_size) or real_fsync(handle))
    monkeypatch.setattr(os, "replace", lambda *names: steps.append("replaced") or real_replace(*names))
    worker = Noted()
    file = OutageFile(tmp_path / "outages.json", worker=worker)
    assert await file.load() == ()
    outages = tuple(Outage(NOON + timedelta(hours=number), "unreachable", kept=number) for number in range(MOST + 3))
    await file.keep(outages)
    assert await file.load() == outages[3:]
    assert steps == [(tmp_path / "outages.json").stat().st_size, "replaced"]
    assert [one.name for one in tmp_path.iterdir()] == ["outages.json"]
    await file.keep(outages[:1])
    assert steps[2:] == [(tmp_path / "outages.json").stat().st_size, "replaced"]
    (tmp_path / "outages.json").write_bytes(b"no outages")
    assert await file.load() == ()
    file.close()
    assert worker.is_closed
