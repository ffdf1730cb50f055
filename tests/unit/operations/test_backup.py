"""Backup and restore of a data folder: one moment whole, proven before anything changes, the former one kept."""

import json
import os
import shutil
import sqlite3
import stat
import zipfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from commandcenter.operations import backup as backing
from commandcenter.operations import restore as restoring
from commandcenter.operations.backup import backup
from commandcenter.server.command_pipeline.districts import put_reference
from commandcenter.server.errors import UnusableEnvironment
from commandcenter.server.platform import Platform, open_platform
from commandcenter.server.storage import backup_file, database, epochs, tables
from commandcenter.server.storage.districts import find_district
from commandcenter.server.storage.restoring import key_file, restore
from tests.kit.district import NOON, reference
from tests.kit.platform import Clock, small_platform


def forward(platform: Platform, name: str) -> int:
    """One more entry in the log; its sequence number."""

    def work(connection: Connection) -> int:
        kind = next(record for record in reference() if record.id == "water")
        put_reference(connection, "d1", [type(kind)(**{**_fields(kind), "name": name})], now=NOON)
        return int(find_district(connection, "d1").head)

    return platform.writer.submit(work).result()


def _fields(record) -> dict:
    return {name: getattr(record, name) for name in type(record).__slots__}


def counted(data: Path) -> tuple[int, dict[str, int], int]:
    """(epoch, bases, head) of the small district, as the platform starts with them."""
    with open_platform(data, now=Clock()) as platform:
        row = platform.readers.now(lambda connection: find_district(connection, "d1"))
        return row.epoch, json.loads(row.bases), row.head


def refused(file: Path, data: Path, **how: bool) -> str:
    with pytest.raises(UnusableEnvironment) as raised:
        restore(file, data, now=NOON, **how)
    assert "\n" not in str(raised.value)
    return raised.value.code


def contents(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in data.iterdir() if path.is_file() and path.suffix != ".lock"}


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Path, int]:
    """(data folder, backup made while its platform ran, head at the backup); three entries more came after it."""
    data, file = tmp_path / "data", tmp_path / "one.backup"
    with small_platform(data, clock=Clock()) as platform:
        head = forward(platform, "甲")
        backup(data, file)
        for name in "乙丙丁":
            forward(platform, name)
    return data, file, head


def test_a_restore_begins_a_new_epoch_at_the_backup_and_keeps_the_former_database(made) -> None:
    data, file, head = made
    done = restore(file, data, now=NOON, force=True)
    assert counted(data) == (2, {"1": 0, "2": head}, head)
    assert done.aside is not None
    assert counted(done.aside) == (1, {"1": 0}, head + 3)
    assert not (data / "restoring").exists()


def test_a_place_that_takes_no_file_is_not_told_as_the_fault_of_the_backup(made, tmp_path: Path) -> None:
    _, file, _ = made
    with pytest.raises(FileNotFoundError, match="nowhere"):
        backup_file.extract(file, backup_file.read(file), tmp_path / "nowhere" / "platform.db")


def test_the_same_backup_twice_never_counts_an_epoch_twice(made) -> None:
    data, file, head = made
    restore(file, data, now=NOON, force=True)
    with open_platform(data, now=Clock()) as platform:
        later = forward(platform, "戊")
        backup(data, file.with_name("two.backup"))
    restore(file, data, now=NOON, force=True)
    assert counted(data) == (3, {"1": 0, "2": head, "3": head}, head)
    restore(file.with_name("two.backup"), data, now=NOON, force=True)
    assert counted(data) == (4, {"1": 0, "2": head, "3": head, "4": head}, later)


def test_a_backup_from_beyond_an_earlier_restore_promises_only_what_both_share(made) -> None:
    data, file, head = made
    with open_platform(data, now=Clock()):
        backup(data, file.with_name("later.backup"))  # three entries on, in epoch 1
    restore(file, data, now=NOON, force=True)  # back to the first: epoch 2 shares only what came before it
    restore(file.with_name("later.backup"), data, now=NOON, force=True)
    assert counted(data) == (3, {"1": 0, "2": head, "3": head}, head + 3)


def test_where_nobody_knows_what_was_counted_the_epoch_is_beyond_it(made, tmp_path: Path) -> None:
    data, file, head = made
    restore(file, tmp_path / "new", now=NOON)
    epoch, bases, _ = counted(tmp_path / "new")
    assert epoch > 1_000_000
    assert bases == {"1": 0, str(epoch): head}
    database.file_in(data).write_bytes(b"spoilt" * 4000)
    done = restore(file, data, now=NOON, force=True)
    assert counted(data)[0] == epoch
    assert database.file_in(done.aside).read_bytes() == b"spoilt" * 4000


def test_a_machine_that_believes_in_1970_counts_no_epoch_a_second_time(made, tmp_path: Path) -> None:
    _, file, _ = made
    restore(file, tmp_path / "new", now=datetime(1970, 1, 2, tzinfo=UTC))
    assert counted(tmp_path / "new")[0] > 1_000_000


def test_everybody_signs_in_again_and_the_audit_says_why(made) -> None:
    data, file, _ = made
    session = {"token_hash": "x", "family": "f", "user": "clerk", "expires_at": 1e12, "used": False}
    with database.writing(data) as connection:
        connection.execute(tables.sessions.insert(), session)
    backup(data, file.with_name("two.backup"))
    restore(file.with_name("two.backup"), data, now=NOON, force=True)
    with database.writing(data) as connection:
        assert connection.execute(select(tables.sessions)).all() == []
        assert [row.action for row in connection.execute(select(tables.audit))] == ["restore"]


def test_the_key_is_kept_apart_and_a_restore_without_it_is_refused(made, tmp_path: Path) -> None:
    data, file, _ = made
    key = (data / "seal.key").read_bytes()
    assert key_file(file).read_bytes() == key
    with zipfile.ZipFile(file) as archive:
        assert all(key not in archive.read(name) for name in archive.namelist())
    if os.name == "posix":
        assert {stat.S_IMODE(one.stat().st_mode) for one in (file, key_file(file))} == {0o600}
    restore(file, tmp_path / "new", now=NOON)
    assert (tmp_path / "new" / "seal.key").read_bytes() == key
    key_file(file).write_bytes(b"k" * 32)
    assert refused(file, tmp_path / "other") == "no_key"
    restore(file, data, now=NOON, force=True)  # the folder has it
    restore(file, tmp_path / "other", now=NOON, new_key=True)
    with open_platform(tmp_path / "other", now=Clock()) as platform:
        assert bytes(platform.seal_key) != key


def test_nothing_is_restored_under_a_running_platform_or_over_a_database_unasked(made) -> None:
    data, file, _ = made
    with open_platform(data, now=Clock()):
        assert refused(file, data, force=True) == "held"
    before = contents(data)
    assert refused(file, data) == "has_database"
    assert contents(data) == before


@pytest.mark.parametrize("at", [0, 3, 40, 300, 2000, 6000, -3000, -400, -60, -10])
def test_a_damaged_backup_changes_nothing(made, at: int) -> None:
    data, file, _ = made
    raw, before = bytearray(file.read_bytes()), contents(data)
    raw[at] ^= 0x55
    file.write_bytes(raw)
    said = ""
    try:
        restore(file, data, now=NOON, force=True)
    except UnusableEnvironment as wrong:
        said = wrong.code
    if said:
        assert said in ("damaged", "foreign", "newer")
        assert contents(data) == before
    else:  # the byte says nothing about the content: a date, an attribute
        assert counted(data)[0] == 2


@pytest.mark.parametrize("length", [1, 2, 100, 3000])
def test_a_backup_cut_short_changes_nothing(made, length: int) -> None:
    data, file, _ = made
    before = contents(data)
    file.write_bytes(file.read_bytes()[:length])
    assert refused(file, data, force=True) in ("damaged", "foreign")
    assert contents(data) == before


def test_a_foreign_file_and_one_from_the_future_are_refused(made, tmp_path: Path) -> None:
    data, file, _ = made
    before = contents(data)
    assert refused(tmp_path / "none", data, force=True) == "no_backup"
    for content in (b"", b"text", database.file_in(data).read_bytes()):
        (tmp_path / "foreign").write_bytes(content)
        assert refused(tmp_path / "foreign", data, force=True) == "foreign"
    for page in ("{}", "[]", '{"program": "another", "format": 1}'):
        assert refused(_with_page(tmp_path / "foreign", page), data, force=True) == "foreign"
    with zipfile.ZipFile(file) as archive:
        said = json.loads(archive.read("backup.json"))
    for newer in ({"format": 2}, {"revision": "9999"}):
        assert refused(_with_page(tmp_path / "newer", json.dumps(said | newer)), data, force=True) == "newer"
    assert contents(data) == before


def test_a_folder_is_no_backup(made, tmp_path: Path) -> None:
    data, _, _ = made
    before = contents(data)
    assert refused(tmp_path, data, force=True) == "no_backup"
    assert contents(data) == before


def _with_page(file: Path, page: str) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("backup.json", page)
    return file


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """The data folder of another platform that kill -9 ended: what it wrote last is in the log beside its database."""
    running, left = tmp_path / "running", tmp_path / "foreign"
    with small_platform(running, clock=Clock()) as platform:
        forward(platform, "甲")
        shutil.copytree(running, left, ignore=shutil.ignore_patterns("*.lock"))
    assert (left / "platform.db-wal").stat().st_size > 0
    return left


@pytest.mark.parametrize("at", ["platform.db-wal", "seal.key", "platform.db"])
def test_a_restore_that_fails_at_any_of_its_renames_leaves_the_folder_as_it_was(
    made, foreign: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    _, file, head = made
    before, rename, failing = _with_all_its_log(foreign), os.replace, [at]

    def full(old: Path, new: Path) -> None:
        if Path(new).name in failing:
            failing.clear()
            raise OSError(28, "No space left on device")
        rename(old, new)

    if at == "platform.db-wal":
        monkeypatch.setattr(epochs, "former_epochs", lambda _: {})  # as of one that cannot be read
    monkeypatch.setattr(os, "replace", full)
    assert restoring.main([str(file), "--data", str(foreign), "--force"]) == 2
    monkeypatch.undo()
    assert failing == list(foreign.glob("before-restore-*")) == []
    assert _with_all_its_log(foreign) == before
    restore(file, foreign, now=NOON, force=True)
    assert counted(foreign)[2] == head


def _with_all_its_log(data: Path) -> tuple[bytes, tuple[int, dict[str, int], int]]:
    """The key, and what a platform would find there; the folder itself stays as it is."""
    copy = Path(shutil.copytree(data, data.with_name(f"copy of {data.name}")))
    found = counted(copy)
    shutil.rmtree(copy)
    return (data / "seal.key").read_bytes(), found


def test_what_another_platform_had_not_folded_yet_is_in_the_database_that_is_kept_aside(made, foreign: Path) -> None:
    _, file, head = made
    before = _with_all_its_log(foreign)
    done = restore(file, foreign, now=NOON, force=True)
    assert counted(foreign)[2] == head
    assert done.aside is not None
    assert not (done.aside / "platform.db-wal").exists()
    assert _with_all_its_log(done.aside) == before


def test_a_key_whose_database_is_gone_is_kept_aside_too(made, foreign: Path) -> None:
    _, file, _ = made
    key = (foreign / "seal.key").read_bytes()
    for left in foreign.glob("platform.db*"):
        left.unlink()
    done = restore(file, foreign, now=NOON)
    assert done.aside is not None
    assert (done.aside / "seal.key").read_bytes() == key
    assert (foreign / "seal.key").read_bytes() == key_file(file).read_bytes()


def test_the_commands_say_what_they_did_in_lines(made, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, file, head = made
    assert backing.main(["--data", str(data), "--to", str(tmp_path / "b")]) == 0
    assert f"d1 up to 1:{head + 3}" in capsys.readouterr().out
    assert restoring.main([str(file), "--data", str(data), "--force"]) == 0
    assert f"d1 back at {head}, epoch 2 begins" in capsys.readouterr().out
    for argv in (["--data", str(tmp_path / "empty"), "--to", str(tmp_path / "c")],
                 ["--data", str(data), "--to", str(file)],
                 ["--data", str(data), "--to", str(tmp_path / "no" / "folder")]):  # fmt: skip
        assert backing.main(argv) == 2
        said = capsys.readouterr()
        assert len(said.err.splitlines()) == 1
        assert said.out == ""
    assert not (tmp_path / "empty").exists()
    assert not (tmp_path / "c").exists()


class FullDisk(sqlite3.Connection):
    """A database on a disk that has no room for what is in the log."""

    def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        if sql.startswith("PRAGMA wal_checkpoint"):
            raise sqlite3.OperationalError("database or disk is full")
        return super().execute(sql, *values)


def test_a_disk_that_is_full_at_the_last_step_of_a_restore_is_one_sentence(
    made, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data, file, _ = made
    before = contents(data)
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=FullDisk))
    assert restoring.main([str(file), "--data", str(data), "--force"]) == 2
    said = "could not be restored (database or disk is full): what was there is still there.\n"
    assert capsys.readouterr().err == f"{data} {said}"
    assert contents(data) == before
    assert not (data / "restoring").exists()


def test_a_damaged_database_makes_no_backup(made, tmp_path: Path) -> None:
    data, _, _ = made
    with database.file_in(data).open("r+b") as raw:
        raw.seek(4096 * 3)
        raw.write(b"\xa5" * 9000)
    with pytest.raises(UnusableEnvironment) as raised:
        backup(data, tmp_path / "c")
    assert raised.value.code == "not_copied"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith((".backup", "c"))] == []
