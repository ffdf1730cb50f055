"""Files are whole, this user's alone and on the disk; a lock is one process's at a time."""

import os
from pathlib import Path

import pytest

from commandcenter.files.durable import (
    create_private,
    ensure_private,
    flush_file,
    flush_folder,
    replace_file,
    write_new,
)
from commandcenter.files.lock import try_lock


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The inodes that were flushed, in order."""
    inodes: list[int] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (inodes.append(os.fstat(handle).st_ino), real(handle))[1])
    return inodes


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


def test_a_file_is_replaced_whole_and_by_one_that_is_this_users_alone(tmp_path: Path, flushed: list[int]) -> None:
    file = tmp_path / "kept.json"
    file.write_bytes(b"old")
    file.chmod(0o644)
    (tmp_path / "kept.json.new").write_bytes(b"left by a crash")
    replace_file(file, b"new")
    assert file.read_bytes() == b"new"
    assert mode(file) == 0o600
    assert flushed == [file.stat().st_ino]
    assert [one.name for one in tmp_path.iterdir()] == ["kept.json"]


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError("full")

    file = tmp_path / "kept.json"
    file.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="full"):
        replace_file(file, b"new")
    assert file.read_bytes() == b"old"


def test_a_new_file_takes_no_other_files_place(tmp_path: Path) -> None:
    file = tmp_path / "new"
    ensure_private(file)
    assert (mode(file), file.read_bytes()) == (0o600, b"")
    file.write_bytes(b"kept")
    ensure_private(file)
    assert file.read_bytes() == b"kept"
    for make in (create_private, lambda place: write_new(place, b"other")):
        with pytest.raises(FileExistsError):
            make(file)
    with pytest.raises(FileNotFoundError):
        ensure_private(tmp_path / "nowhere" / "new")
    assert file.read_bytes() == b"kept"


def test_files_and_folders_are_flushed(tmp_path: Path, flushed: list[int]) -> None:
    file = tmp_path / "one"
    file.write_bytes(b"1")
    flush_file(file)
    flush_folder(tmp_path)
    assert flushed == [file.stat().st_ino, tmp_path.stat().st_ino]
    flush_folder(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError):
        flush_file(tmp_path / "nowhere")
    assert len(flushed) == 2


def test_a_lock_is_held_once_until_its_handle_is_closed(tmp_path: Path) -> None:
    held = try_lock(tmp_path / "lock")
    assert held is not None
    assert mode(tmp_path / "lock") == 0o600
    assert try_lock(tmp_path / "lock") is None
    os.close(held)
    again = try_lock(tmp_path / "lock")
    assert again is not None
    os.close(again)
