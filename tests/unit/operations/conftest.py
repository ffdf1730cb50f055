"""A small platform for each test, and a table of another system beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commandcenter.server.platform import Platform
from tests.kit.baltimore import HEAD, row
from tests.kit.platform import Clock, small_platform


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def platform(tmp_path: Path, clock: Clock) -> Iterator[Platform]:
    with small_platform(tmp_path / "data", clock=clock) as platform:
        yield platform


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "requests.csv"
    located = row("1") + row("2", lat="39.33") + row("3", lon="-76.60") + row("5", lat="39")
    file.write_text(HEAD + located + row("4", status="Closed (Duplicate)"), encoding="utf-8")
    return file
