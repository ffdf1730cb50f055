"""The thread in which a file is written."""

import asyncio
import threading

import pytest

from commandcenter.cache.worker import ThreadWorker


async def test_a_lane_that_is_closed_has_finished_what_it_was_given_and_leaves_no_thread() -> None:
    worker, begun, done = ThreadWorker("journal"), threading.Event(), []

    def work() -> None:
        begun.set()
        done.append(threading.current_thread())

    given = asyncio.ensure_future(worker.run(work))
    await asyncio.to_thread(begun.wait)
    worker.close()
    await given
    assert [thread.name for thread in done] == ["journal_0"]
    assert not done[0].is_alive()
    with pytest.raises(RuntimeError):
        await worker.run(work)


async def test_what_is_given_to_a_lane_is_done_one_after_the_other_in_its_one_thread() -> None:
    worker, begun, gate, done = ThreadWorker("journal"), threading.Event(), threading.Event(), []

    def work(number: int) -> int:
        begun.set()
        gate.wait()
        done.append((number, threading.current_thread().name))
        return number

    given = [asyncio.ensure_future(worker.run(lambda number=number: work(number))) for number in range(4)]
    await asyncio.to_thread(begun.wait)
    gate.set()
    assert await asyncio.gather(*given) == [0, 1, 2, 3]
    assert done == [(number, "journal_0") for number in range(4)]
    worker.close()
