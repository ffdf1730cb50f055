"""What is made on this machine is for this user alone: folders, those made on the way, logs and databases."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import platformdirs.windows
import pytest
from platformdirs.macos import MacOS
from platformdirs.windows import Windows

from commandcenter.cache.engine import open_engine, transaction
from commandcenter.server.storage.folder_lock import hold
from commandcenter.settings.folders import data_dir, new_folder, private_folder, profile_dir, write_whole
from commandcenter.settings.logs import LogFile


@pytest.fixture(autouse=True)
def everybody_may_read() -> Iterator[None]:
    """The usual mask of a shell."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def rights(place: Path) -> int:
    return place.stat().st_mode & 0o777


def test_a_new_folder_and_those_made_on_the_way_are_closed_to_others(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    deep = new_folder(tmp_path / "a" / "b" / "c")
    assert [rights(one) for one in (deep, *deep.parents[:3])] == [0o700, 0o700, 0o700, 0o755]
    with pytest.raises(OSError, match="file"):
        new_folder(_file(tmp_path / "file"))
    assert rights(private_folder(tmp_path / "profiles" / "p")) == rights(tmp_path / "profiles") == 0o700


def test_a_platforms_new_data_folder_is_closed_to_others(tmp_path: Path) -> None:
    with hold(tmp_path / "hall" / "data"):
        assert rights(tmp_path / "hall") == rights(tmp_path / "hall" / "data") == 0o700


def test_a_log_and_the_next_one_are_closed_to_others(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "platform.log")
    log.doRollover()
    log.close()
    assert {rights(file) for file in tmp_path.iterdir()} == {0o600}


def test_a_consoles_database_is_closed_to_others_whatever_opens_it(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "journal.db", synchronous="FULL")
    with transaction(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE t (a)")
        assert {rights(file) for file in tmp_path.iterdir()} == {0o600}
    engine.dispose()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="where Linux keeps them")
@pytest.mark.parametrize("named", [None, "", "/srv/hall"])
def test_the_folders_of_former_versions_are_found_again(monkeypatch, named):
    monkeypatch.setenv("HOME", "/home/li.wei")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    if named is not None:
        monkeypatch.setenv("XDG_DATA_HOME", named)
    home = Path(named or "/home/li.wei/.local/share") / "commandcenter"
    assert (data_dir(), profile_dir("default")) == (home / "platform", home / "profiles" / "default")


@pytest.mark.parametrize(
    ("system", "below"),
    [(Windows, "AppData/Local/commandcenter"), (MacOS, "Library/Application Support/commandcenter")],
)
def test_they_are_where_former_versions_had_them_on_other_systems_too(monkeypatch, tmp_path, system, below):
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    known = {"CSIDL_LOCAL_APPDATA": str(tmp_path / "AppData" / "Local")}
    monkeypatch.setattr(platformdirs.windows, "get_win_folder", known.__getitem__)
    monkeypatch.setattr(platformdirs, "PlatformDirs", system)
    assert profile_dir("p") == tmp_path / below / "profiles" / "p"


def _file(place: Path) -> Path:
    place.write_text("", encoding="utf-8")
    return place


def test_a_file_is_written_whole_into_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    file = tmp_path / "a" / "kept.json"
    for content in (b"old", b"new"):
        write_whole(file, content)
    assert file.read_bytes() == b"new"
    assert [one.name for one in file.parent.iterdir()] == ["kept.json"]
    assert (rights(file), rights(file.parent)) == (0o600, 0o700)
