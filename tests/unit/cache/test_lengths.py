"""A length in a file that is damaged so far that SQLite finds no memory for it: damage as any other."""

from pathlib import Path

import pytest

from commandcenter.cache.cache_file import CacheFile
from commandcenter.cache.engine import check, open_engine, transaction
from commandcenter.cache.faults import Damaged, DiskFault
from commandcenter.cache.journal_schema import inspect, migrate
from commandcenter.server.errors import UnusableEnvironment
from commandcenter.server.storage.database import file_in, open_writer
from commandcenter.server.storage.epochs import former_epochs
from tests.kit.inline_worker import InlineWorker
from tests.kit.spoilt import spoil_a_length


async def test_a_cache_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "cache.db"
    await CacheFile(file, worker=InlineWorker()).close()
    spoil_a_length(file)
    cache = CacheFile(file, worker=InlineWorker())
    assert len(cache.notes) == 1
    assert (
        await cache.run(lambda connection: connection.exec_driver_sql("SELECT count(*) FROM records").scalar(), int)
        == 0
    )
    await cache.close()


def test_a_journal_is_damaged_and_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    engine = open_engine(file, synchronous="FULL")
    migrate(engine)
    engine.dispose()
    spoil_a_length(file)
    spoilt = file.read_bytes()
    with pytest.raises(Damaged):
        inspect(file)
    assert file.read_bytes() == spoilt
    with pytest.raises(Damaged):
        check(open_engine(file, synchronous="FULL"))
    with pytest.raises(DiskFault), transaction(open_engine(tmp_path / "other.db", synchronous="FULL")):
        raise MemoryError


def test_a_database_of_a_platform_is_damaged_and_tells_nothing_of_its_epochs(tmp_path: Path) -> None:
    open_writer(tmp_path).dispose()
    spoil_a_length(file_in(tmp_path))
    with pytest.raises(UnusableEnvironment) as said:
        open_writer(tmp_path)
    assert (said.value.code, "put a backup in its place" in str(said.value)) == ("corrupt", True)
    assert former_epochs(tmp_path) == {}
