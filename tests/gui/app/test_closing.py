"""The end of a console: what hangs is left behind, what was left half read ends within the loop."""

import asyncio
import sys
from collections.abc import AsyncIterator

import pytest

from ui.app.closing import Generators, within


@pytest.fixture
def hooks() -> object:
    before = sys.get_asyncgen_hooks()
    yield
    sys.set_asyncgen_hooks(*before)


async def test_a_generator_left_half_read_ends_in_a_task_of_the_loop(hooks: object) -> None:
    generators, ends, ended = Generators(asyncio.get_running_loop()), [], asyncio.Event()

    async def lines() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            ends.append(asyncio.current_task())
            ended.set()

    dropped, kept = lines(), lines()
    assert [await anext(dropped), await anext(kept)] == [1, 1]
    del dropped
    await ended.wait()
    await generators.close()
    assert len(ends) == 2
    assert None not in ends


@pytest.mark.expects_log("took longer")
async def test_what_hangs_is_left_behind() -> None:
    assert not await within("a room", asyncio.sleep(60), 0.01)
