"""The thread in which a file is written."""

import asyncio
import threading

import pytest

from commandcenter.cache.lane import ThreadLane


async def test_a_lane_that_is_closed_has_finished_what_it_was_given_and_leaves_no_thread() -> None:
    lane, begun, done = ThreadLane("journal"), threading.Event(), []

    def work() -> None:
        begun.set()
        done.append(threading.current_thread())

    given = asyncio.ensure_future(lane.run(work))
    await asyncio.to_thread(begun.wait)
    lane.close()
    await given
    assert [thread.name for thread in done] == ["journal_0"]
    assert not done[0].is_alive()
    with pytest.raises(RuntimeError):
        await lane.run(work)
