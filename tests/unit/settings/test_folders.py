"""What is made on this machine is for this user alone: folders, those made on the way, logs and databases."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from commandcenter.cache.engine import open_engine, transaction
from commandcenter.server.storage.folder_lock import hold
from commandcenter.settings.folders import new_folder, private_folder
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


def _file(place: Path) -> Path:
    place.write_text("", encoding="utf-8")
    return place
