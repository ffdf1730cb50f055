"""A profile whose own files are bad opens all the same, and says what was kept and what to do."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from commandcenter.settings.file import SettingsTrouble, open_settings
from commandcenter.sync.connection import LoggedState
from tests.kit.district import NOON
from ui.actions.kept_setting import setting_not_saved
from ui.app.profile_troubles import troubles
from ui.kit.texts.words import speak


def desk(*codes: str) -> SimpleNamespace:
    entries = [LoggedState(NOON, "starting", code) for code in codes]  # type: ignore[arg-type]
    return SimpleNamespace(connection=SimpleNamespace(log=entries))


def told(folder: Path, *codes: str) -> list[str]:
    return [str(said) for said in troubles(open_settings(folder=folder), desk(*codes))]  # type: ignore[arg-type]


def test_a_good_profile_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('theme = "light"\nunknown_here = 1\n')
    assert told(tmp_path, "platform_restarted") == []


@pytest.mark.expects_log("settings.toml.broken-1")
@pytest.mark.parametrize("content", [b"theme = ", b'theme = "\xff\xfe"', None])
def test_settings_that_cannot_be_read_are_kept_aside(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "settings.toml"
    file.mkdir() if content is None else file.write_bytes(content)
    (said,) = told(tmp_path)
    assert "settings.toml.broken-1" in said
    assert "默认设置" in said


@pytest.mark.expects_log("theme")
def test_values_that_cannot_be_are_named_together(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('theme = 3\nlanguage = "klingon"\ndensity = "compact"\n')
    (said,) = told(tmp_path)
    assert "theme, language" in said


@pytest.mark.expects_log("副本")
def test_a_mirror_made_anew_says_that_acts_are_safe(tmp_path: Path) -> None:
    (said,) = told(tmp_path, "cache_rebuilt")
    assert "未送达的操作都在" in said


def test_all_of_it_is_said_in_english_too() -> None:
    speak("en")
    assert "was not kept (full)" in str(setting_not_saved(SettingsTrouble("not_kept", "full")))
