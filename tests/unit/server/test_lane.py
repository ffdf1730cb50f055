"""The one writer: jobs in their order, an error ends its own job alone, and a writer that ends says so."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from commandcenter.server.keeping import store, tables
from commandcenter.server.keeping.lane import Closed, Lane


@pytest.fixture
def lane(tmp_path: Path) -> Iterator[Lane]:
    lane = Lane(store.open_writer(tmp_path))
    lane.start()
    yield lane
    lane.stop()
    lane.engine.dispose()


def _write(day: str) -> Any:
    def work(connection: Connection) -> str:
        connection.execute(tables.numbers.insert(), {"district": "d", "day": day, "last": 1})
        if day.startswith("bad"):
            raise ValueError(day)
        return day

    return work


def _count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(tables.numbers)).scalar_one()


def test_a_bad_job_among_good_ones_is_undone_alone(lane: Lane) -> None:
    first = threading.Event()
    lane.submit(lambda connection: first.wait(5))
    futures = [lane.submit(_write(day)) for day in ("a", "bad", "b")]
    first.set()
    assert (futures[0].result(), futures[2].result()) == ("a", "b")
    with pytest.raises(ValueError, match="bad"):
        futures[1].result()
    assert lane.submit(_count).result() == 2
    assert lane.tally.failed == 1


def test_waiting_jobs_share_a_commit(lane: Lane) -> None:
    first = threading.Event()
    lane.submit(lambda connection: first.wait(5))
    futures = [lane.submit(_write(str(n))) for n in range(20)]
    first.set()
    assert [future.result() for future in futures] == [str(n) for n in range(20)]
    assert lane.tally.commits <= 3


def test_what_waits_is_done_before_it_ends(tmp_path: Path) -> None:
    lane = Lane(store.open_writer(tmp_path))
    futures = [lane.submit(_write(str(n))) for n in range(5)]
    lane.start()
    lane.stop()
    assert all(future.done() for future in futures)
    with pytest.raises(Closed):
        lane.submit(_count)
    lane.engine.dispose()


def test_a_writer_that_ends_says_so_and_leaves_nobody_waiting(tmp_path: Path) -> None:
    class Power(BaseException):
        pass

    def cut(connection: Connection) -> None:
        raise Power

    dead: list[BaseException] = []
    lane = Lane(store.open_writer(tmp_path), on_death=dead.append)
    first, second = lane.submit(cut), lane.submit(_count)
    lane.start()
    for future in (first, second):
        with pytest.raises(Closed):
            future.result(5)
    lane.stop()
    assert isinstance(dead[0], Power)
    lane.engine.dispose()


def _violate(connection: Connection) -> None:
    connection.exec_driver_sql("ROLLBACK")  # as a disk that is full would
    connection.exec_driver_sql("BEGIN")
    connection.exec_driver_sql("SAVEPOINT other")


@pytest.mark.expects_log("nothing could be written")
def test_a_commit_that_fails_fails_all_of_its_jobs(lane: Lane) -> None:
    first = threading.Event()
    lane.submit(lambda connection: first.wait(5))
    futures = [lane.submit(_write("a")), lane.submit(_violate)]
    first.set()
    for future in futures:
        with pytest.raises(Exception, match="savepoint"):
            future.result(5)
    assert lane.submit(_count).result() == 0


@pytest.mark.expects_log("nothing could be written")
def test_a_commit_that_fails_is_not_counted_as_one(lane: Lane) -> None:
    with pytest.raises(Exception, match="savepoint"):
        lane.submit(_violate).result(5)
    assert (lane.tally.jobs, lane.tally.failed, lane.tally.commits) == (1, 1, 0)
    lane.submit(_write("a")).result(5)
    assert (lane.tally.jobs, lane.tally.failed, lane.tally.commits) == (2, 1, 1)
