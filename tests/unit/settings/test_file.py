"""Settings: what is broken is said and kept, what is unknown stays, what is chosen is there after the next start."""

import stat
import sys
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.settings.declared import DECLARED
from commandcenter.settings.file import open_settings
from commandcenter.settings.toml import to_toml


def test_without_a_file_everything_is_as_declared(tmp_path):
    settings = open_settings(folder=tmp_path / "new")
    assert {key: settings[key] for key in DECLARED} == {key: one.default for key, one in DECLARED.items()}
    assert settings.troubles == []


def test_what_is_chosen_is_there_after_the_next_start(tmp_path):
    settings = open_settings(folder=tmp_path / "new")
    assert settings.put("theme", "light") is None
    assert settings.put("platform.url", "https://hall.example") is None
    again = open_settings(folder=tmp_path / "new")
    assert (again["theme"], again["platform.url"], again["language"]) == ("light", "https://hall.example", "zh")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_what_is_kept_is_for_this_user_alone(tmp_path):
    folder = tmp_path / "profiles" / "open"
    folder.mkdir(parents=True, mode=0o755)
    assert open_settings(folder=folder).put("theme", "light") is None
    assert open_settings(folder=tmp_path / "new").put("theme", "light") is None
    assert {stat.S_IMODE(one.stat().st_mode) for one in (folder, tmp_path / "new")} == {0o700}
    assert stat.S_IMODE((folder / "settings.toml").stat().st_mode) == 0o600


def test_what_this_version_does_not_know_stays(tmp_path):
    content = 'colour = "red"\n[platform]\nurl = "x"\nretry = 3\n[future.deep]\nlist = [1, 2]\n'
    (tmp_path / "settings.toml").write_text(content)
    settings = open_settings(folder=tmp_path)
    settings.put("language", "en")
    kept = tomllib.loads((tmp_path / "settings.toml").read_text())
    assert kept == {
        "colour": "red",
        "language": "en",
        "platform": {"url": "x", "retry": 3},
        "future": {"deep": {"list": [1, 2]}},
    }


@pytest.mark.parametrize("content", [b"language = ", b"\xff\xfe\x00", b"[[[", b'language = "zh"\nlanguage = "en"\n'])
def test_a_broken_file_is_kept_aside_and_the_start_goes_on(tmp_path, content):
    (tmp_path / "settings.toml").write_bytes(content)
    settings = open_settings(folder=tmp_path)
    (trouble,) = settings.troubles
    assert trouble.code == "unreadable"
    assert trouble.about
    assert trouble.kept_aside.read_bytes() == content
    assert settings["language"] == "zh"
    settings.put("language", "en")
    assert trouble.kept_aside.read_bytes() == content
    (tmp_path / "settings.toml").write_bytes(content)
    assert open_settings(folder=tmp_path).troubles[0].kept_aside != trouble.kept_aside


def test_a_value_that_makes_no_sense_is_said_and_the_default_holds(tmp_path):
    (tmp_path / "settings.toml").write_text('theme = "pink"\nlanguage = 7\ndensity = "compact"\n')
    settings = open_settings(folder=tmp_path)
    assert [(one.code, one.about) for one in settings.troubles] == [("bad_value", "theme"), ("bad_value", "language")]
    assert (settings["theme"], settings["language"], settings["density"]) == ("dark", "zh", "compact")
    with pytest.raises(ValueError):
        settings.put("theme", "pink")
    with pytest.raises(KeyError):
        settings.put("no.such", "x")


def test_a_folder_that_takes_nothing_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    settings = open_settings(folder=tmp_path / "file")
    assert settings.put("theme", "light").code == "not_kept"
    assert settings["theme"] == "light"


VALUES = st.one_of(st.text(), st.integers(-(2**63), 2**63 - 1), st.booleans(), st.floats(allow_nan=False), st.dates())


@given(
    st.recursive(
        st.dictionaries(st.text(), VALUES | st.lists(VALUES, max_size=3), max_size=4),
        lambda inner: st.dictionaries(st.text(), VALUES | inner, max_size=3),
        max_leaves=8,
    )
)
def test_whatever_is_written_is_read_back(tree):
    assert tomllib.loads(to_toml(tree)) == tree
