"""Tests that each small file beside the databases is whole, or as before, after a power failure."""

import os
from pathlib import Path

import pytest

from commandcenter.cache.outages import Outage, OutageFile
from commandcenter.cache.salvage import recover, salvage
from commandcenter.server.storage.vault import key_file, open_key
from commandcenter.settings.file import open_settings
from commandcenter.sync.demo_accounts import DemoAccount, write_accounts
from tests.kit.district import NOON
from tests.kit.inline_worker import InlineWorker


def test_a_key_that_the_power_cut_short_does_not_keep_the_platform_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgets(handle: int) -> None:
        os.ftruncate(handle, 0)
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(os, "fsync", forgets)
        with pytest.raises(KeyboardInterrupt):
            open_key(tmp_path)
    key = open_key(tmp_path)
    assert bytes(open_key(tmp_path)) == bytes(key)
    assert [file.name for file in tmp_path.iterdir()] == [key_file(tmp_path).name]


@pytest.mark.skipif(os.name != "posix", reason="only here can a folder be flushed")
def test_a_key_is_on_the_disk_with_its_name_before_anything_is_sealed_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[tuple[int, bool]] = []
    real = os.fsync

    def noted(handle: int) -> None:
        real(handle)
        flushed.append((os.fstat(handle).st_ino, key_file(tmp_path).exists()))

    monkeypatch.setattr(os, "fsync", noted)
    open_key(tmp_path)
    assert flushed == [(key_file(tmp_path).stat().st_ino, False), (tmp_path.stat().st_ino, True)]


@pytest.fixture
def cut_after_renames(monkeypatch: pytest.MonkeyPatch) -> None:
    """Truncates each renamed file to what was flushed of it, like a disk that writes names before content."""
    flushed: dict[int, int] = {}
    real_flush, real_rename = os.fsync, os.replace

    def flush(handle: int) -> None:
        real_flush(handle)
        flushed[os.fstat(handle).st_ino] = os.fstat(handle).st_size

    def rename(source: Path, target: Path) -> None:
        os.truncate(source, flushed.get(os.stat(source).st_ino, 0))
        real_rename(source, target)

    monkeypatch.setattr(os, "fsync", flush)
    monkeypatch.setattr(os, "replace", rename)


@pytest.mark.usefixtures("cut_after_renames")
def test_a_chosen_platform_is_still_the_chosen_one(tmp_path: Path) -> None:
    assert open_settings(folder=tmp_path).put("platform.url", "https://hall.example") is None
    assert open_settings(folder=tmp_path)["platform.url"] == "https://hall.example"


@pytest.mark.usefixtures("cut_after_renames")
def test_the_passwords_of_a_demonstration_are_still_there(tmp_path: Path) -> None:
    assert "secret" in write_accounts(tmp_path, [DemoAccount("u", "secret", "unit")]).read_text(encoding="utf-8")


@pytest.mark.usefixtures("cut_after_renames")
async def test_the_history_of_outages_is_still_there(tmp_path: Path) -> None:
    file = OutageFile(tmp_path / "outages.json", worker=InlineWorker())
    await file.keep((Outage(NOON, "unreachable"),))
    assert await file.load() == (Outage(NOON, "unreachable"),)


@pytest.mark.skipif(os.name != "posix", reason="only here can a folder be flushed")
def test_a_recovered_journal_is_on_the_disk_with_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "journal.db"
    file.write_bytes(b"\xa5" * 8192)
    flushed: list[int] = []
    real = os.fsync

    def noted(handle: int) -> None:
        real(handle)
        flushed.append(os.fstat(handle).st_ino)

    monkeypatch.setattr(os, "fsync", noted)
    aside = recover(file, salvage(file), at=NOON)
    assert flushed == [aside.stat().st_ino, tmp_path.stat().st_ino]
