"""The log of an embedded platform, which begins anew while the platform runs."""

import sys
from pathlib import Path

import pytest

from commandcenter.settings.logs import LOG_BYTES, LOGS_KEPT
from commandcenter.sync.platform_process import PlatformProcess
from commandcenter.sync.unavailable import Unavailable

TALKS = "import sys; line = 'x' * 9_999 + '\\n'; [sys.stderr.write(line) for _ in range(500)]; print('unusable held')"


async def test_a_platform_that_talks_and_talks_fills_no_disk(tmp_path: Path) -> None:
    child = PlatformProcess(("-c", TALKS), tmp_path / "profile" / "platform.log")
    assert await child.ended == 0
    files = list((tmp_path / "profile").iterdir())
    assert len(files) == 1 + LOGS_KEPT
    assert all(file.stat().st_size <= LOG_BYTES for file in files)
    assert child.last_words() == "x" * 9_999
    assert len(child._last) < 100  # of five hundred: nor does it fill the memory


async def test_a_program_that_is_not_there_is_said_to_have_ended(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    with pytest.raises(Unavailable) as said:
        PlatformProcess(("-c", ""), tmp_path / "platform.log")
    assert said.value.code == "platform_ended"
    assert said.value.about
