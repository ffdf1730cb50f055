"""A small platform for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commandcenter.server.platform import Platform
from tests.kit.platform import Clock, small_platform


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def platform(tmp_path: Path, clock: Clock) -> Iterator[Platform]:
    with small_platform(tmp_path / "data", clock=clock) as platform:
        yield platform
