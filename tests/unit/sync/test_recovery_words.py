"""A damaged journal that cannot be read or written: why, in the words of the system or else of the error."""

import errno
from datetime import UTC, datetime

import pytest

from commandcenter.sync import recovery
from commandcenter.sync.unavailable import Unavailable


@pytest.mark.parametrize(
    ("wrong", "about"), [(OSError(errno.ENOSPC, "No space"), "No space"), (OSError("made of straw"), "made of straw")]
)
async def test_why_a_recovery_failed_is_said(tmp_path, monkeypatch, wrong, about):
    def fails(*given: object) -> None:
        raise wrong

    monkeypatch.setattr(recovery, "salvage", fails)
    for asked in (recovery.readable(tmp_path), recovery.take_over(tmp_path, datetime(2026, 11, 24, tzinfo=UTC))):
        with pytest.raises(Unavailable) as said:
            await asked
        assert (said.value.code, said.value.about) == ("disk", about)
