"""One hall for the stories of a file: each has its own cases and crews, and leaves its desks with nothing waiting."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.kit.story import Story, story


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Story]:
    async with story(tmp_path_factory.mktemp("hall")) as made:
        yield made
