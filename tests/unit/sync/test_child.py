"""The log of an embedded platform, which begins anew while the platform runs."""

from pathlib import Path

from commandcenter.settings.logs import LOG_BYTES, LOGS_KEPT
from commandcenter.sync.child import Child

TALKS = "import sys; line = 'x' * 9_999 + '\\n'; [sys.stderr.write(line) for _ in range(500)]; print('unusable held')"


async def test_a_platform_that_talks_and_talks_fills_no_disk(tmp_path: Path) -> None:
    child = Child(("-c", TALKS), tmp_path / "profile" / "platform.log")
    assert await child.ended == 0
    files = list((tmp_path / "profile").iterdir())
    assert len(files) == 1 + LOGS_KEPT
    assert all(file.stat().st_size <= LOG_BYTES for file in files)
    assert child.last_words() == "x" * 9_999
