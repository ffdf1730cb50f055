"""Work in the background: held on to, ended with the desk, its errors told unless they are the world's."""

import asyncio
from contextlib import suppress

import pytest

from commandcenter.cache.faults import DiskFault
from commandcenter.client.errors import Unreachable
from commandcenter.sync.background_tasks import BackgroundTasks, is_ending
from tests.kit.console import until


async def fails(wrong: BaseException) -> None:
    raise wrong


@pytest.mark.expects_log("work failed")
async def test_an_error_of_ours_is_told_by_its_name_also_where_nobody_listens() -> None:
    tasks, told = BackgroundTasks(), list[BaseException]()
    wrong = RuntimeError("ours")
    with pytest.raises(RuntimeError):
        await tasks.whole(fails(wrong), "work")
    tasks.failed.connect(told.append)
    with pytest.raises(RuntimeError):
        await tasks.whole(fails(wrong), "work")
    await until(lambda: told)
    assert told == [wrong]


@pytest.mark.parametrize("wrong", [Unreachable("no route"), DiskFault("full")])
async def test_a_fault_of_the_world_is_told_by_whoever_waits_for_the_work(wrong: Exception) -> None:
    tasks, told = BackgroundTasks(), list[BaseException]()
    tasks.failed.connect(told.append)
    with pytest.raises(type(wrong)):
        await tasks.whole(fails(wrong), "work")
    await asyncio.sleep(0)
    assert told == []
    assert not tasks._running


@pytest.mark.expects_log("of a screen failed")
async def test_whoever_awaits_no_task_has_every_error_told() -> None:
    tasks, told = BackgroundTasks(is_reported=lambda _: True), list[BaseException]()
    tasks.failed.connect(told.append)
    task = tasks.run(fails(wrong := Unreachable("no route")), "of a screen")
    assert tasks.names() == ("of a screen",)
    await until(lambda: told)
    assert (told, tasks.names(), task.exception()) == ([wrong], (), wrong)


async def test_what_still_runs_at_the_end_is_ended_and_told_as_no_error() -> None:
    tasks, told, ended = BackgroundTasks(), list[BaseException](), list[bool]()
    tasks.failed.connect(told.append)

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(is_ending())

    task = tasks.run(work(), "work")
    assert task.get_name() == "work"
    await asyncio.sleep(0)
    await tasks.close()
    assert (task.cancelled(), ended, told) == (True, [True], [])
    await tasks.close()  # nothing runs any more
    assert not is_ending()


async def test_work_that_ends_the_rest_does_not_end_itself() -> None:
    tasks, done = BackgroundTasks(), list[bool]()

    async def last() -> None:
        await tasks.close()
        done.append(is_ending())

    other = tasks.run(asyncio.Event().wait(), "other")
    await tasks.whole(last(), "last")
    assert (done, other.cancelled()) == ([False], True)


async def test_work_that_does_not_end_is_waited_for_no_longer_than_said() -> None:
    tasks, gate = BackgroundTasks(), asyncio.Event()

    async def stubborn() -> None:
        while not gate.is_set():
            try:
                await gate.wait()
            except asyncio.CancelledError:
                continue

    task = tasks.run(stubborn(), "stubborn")
    await asyncio.sleep(0)
    await tasks.close(patience=0.01)
    assert not task.done()
    gate.set()
    await task


async def test_what_does_not_end_when_it_is_told_to_is_waited_for_no_longer_than_there_is_patience() -> None:
    tasks, over = BackgroundTasks(), asyncio.Event()

    async def work() -> None:
        while not over.is_set():
            with suppress(asyncio.CancelledError):
                await over.wait()

    task = tasks.run(work(), "work")
    await asyncio.sleep(0)
    async with asyncio.timeout(60):
        await tasks.close(patience=0.01)
    assert not task.done()
    over.set()
    await task
