"""The one writer: jobs in their order, an error ends its own job alone, and a writer that ends says so."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from commandcenter.server.storage import database, tables
from commandcenter.server.storage.writer import Writer, WriterClosed


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    writer = Writer(database.open_writer(tmp_path))
    writer.start()
    yield writer
    writer.stop()
    writer.engine.dispose()


def _write(day: str) -> Any:
    def work(connection: Connection) -> str:
        connection.execute(tables.numbers.insert(), {"district": "d", "day": day, "last": 1})
        if day.startswith("bad"):
            raise ValueError(day)
        return day

    return work


def _count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(tables.numbers)).scalar_one()


def test_a_bad_job_among_good_ones_is_undone_alone(writer: Writer) -> None:
    first = threading.Event()
    writer.submit(lambda connection: first.wait(5))
    futures = [writer.submit(_write(day)) for day in ("a", "bad", "b")]
    first.set()
    assert (futures[0].result(), futures[2].result()) == ("a", "b")
    with pytest.raises(ValueError, match="bad"):
        futures[1].result()
    assert writer.submit(_count).result() == 2
    assert writer.tally.failed == 1


def test_waiting_jobs_share_a_commit(writer: Writer) -> None:
    first = threading.Event()
    writer.submit(lambda connection: first.wait(5))
    futures = [writer.submit(_write(str(n))) for n in range(20)]
    first.set()
    assert [future.result() for future in futures] == [str(n) for n in range(20)]
    assert writer.tally.commits <= 3


def test_what_waits_is_done_before_it_ends(tmp_path: Path) -> None:
    writer = Writer(database.open_writer(tmp_path))
    futures = [writer.submit(_write(str(n))) for n in range(5)]
    writer.start()
    writer.stop()
    assert all(future.done() for future in futures)
    with pytest.raises(WriterClosed):
        writer.submit(_count)
    writer.engine.dispose()


def test_a_writer_that_ends_says_so_and_leaves_nobody_waiting(tmp_path: Path) -> None:
    class Power(BaseException):
        pass

    def cut(connection: Connection) -> None:
        raise Power

    dead: list[BaseException] = []
    writer = Writer(database.open_writer(tmp_path), on_death=dead.append)
    first, second = writer.submit(cut), writer.submit(_count)
    writer.start()
    for future in (first, second):
        with pytest.raises(WriterClosed):
            future.result(5)
    writer.stop()
    assert isinstance(dead[0], Power)
    writer.engine.dispose()


def _violate(connection: Connection) -> None:
    connection.exec_driver_sql("ROLLBACK")  # as a disk that is full would
    connection.exec_driver_sql("BEGIN")
    connection.exec_driver_sql("SAVEPOINT other")


@pytest.mark.expects_log("nothing could be written")
def test_a_commit_that_fails_fails_all_of_its_jobs(writer: Writer) -> None:
    first = threading.Event()
    writer.submit(lambda connection: first.wait(5))
    futures = [writer.submit(_write("a")), writer.submit(_violate)]
    first.set()
    for future in futures:
        with pytest.raises(Exception, match="savepoint"):
            future.result(5)
    assert writer.submit(_count).result() == 0


@pytest.mark.expects_log("nothing could be written")
def test_a_commit_that_fails_is_not_counted_as_one(writer: Writer) -> None:
    with pytest.raises(Exception, match="savepoint"):
        writer.submit(_violate).result(5)
    assert (writer.tally.jobs, writer.tally.failed, writer.tally.commits) == (1, 1, 0)
    writer.submit(_write("a")).result(5)
    assert (writer.tally.jobs, writer.tally.failed, writer.tally.commits) == (2, 1, 1)
