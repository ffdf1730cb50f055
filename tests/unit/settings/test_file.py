"""Settings: what is broken is said and kept, what is unknown stays, what is chosen is there after the next start."""

import stat
import subprocess
import sys
import tomllib

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.settings.declared import DECLARED
from commandcenter.settings.file import open_settings


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


WRITTEN_BY_HAND = """# the hall in the east wing
theme = "dark"  # the night shift likes it

colour = "red"

[platform]
# asked the network people, 14 March
url = "https://hall.example"
"""


def test_a_choice_leaves_what_a_person_wrote_as_it_is_comments_and_order_too(tmp_path):
    (tmp_path / "settings.toml").write_text(WRITTEN_BY_HAND)
    settings = open_settings(folder=tmp_path)
    settings.put("theme", "light")
    settings.put("platform.url", "")
    now = (tmp_path / "settings.toml").read_text()
    assert now == WRITTEN_BY_HAND.replace('"dark"', '"light"').replace("https://hall.example", "")


def test_what_is_written_by_hand_while_the_console_runs_stays(tmp_path):
    settings = open_settings(folder=tmp_path)
    settings.put("theme", "light")
    (tmp_path / "settings.toml").write_text('theme = "dark"\ndensity = "compact"  # new screens\n')
    settings.put("language", "en")
    assert (tmp_path / "settings.toml").read_text() == (
        'theme = "dark"\ndensity = "compact"  # new screens\nlanguage = "en"\n'
    )
    (tmp_path / "settings.toml").write_text("half a line = ")
    settings.put("platform.url", "https://hall.example")
    assert (tmp_path / "settings.toml.broken-1").read_text() == "half a line = "
    again = open_settings(folder=tmp_path)
    assert [again[key] for key in ("theme", "language", "platform.url")] == ["light", "en", "https://hall.example"]


def test_the_console_starts_without_the_writer_of_settings(tmp_path):
    program = "import sys; from pathlib import Path; from commandcenter.settings.file import open_settings; "
    program += "open_settings(folder=Path(sys.argv[1])); sys.exit('tomlkit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False).returncode == 0


VALUES = st.one_of(st.text(), st.integers(-(2**63), 2**63 - 1), st.booleans(), st.floats(allow_nan=False), st.dates())
NAMES = st.sampled_from(["platform", "theme", "url", "data", "a b"]) | st.text()
TREES = st.recursive(
    st.dictionaries(NAMES, VALUES | st.lists(VALUES, max_size=3), max_size=4),
    lambda inner: st.dictionaries(NAMES, VALUES | inner, max_size=3),
    max_leaves=8,
)


@given(TREES, st.sampled_from(["theme", "platform.url"]))
def test_whatever_the_file_holds_only_what_was_chosen_is_changed(tmp_path_factory, tree, key):
    folder = tmp_path_factory.mktemp("settings")
    (folder / "settings.toml").write_text(tomlkit.dumps(tree), encoding="utf-8", newline="")
    assert open_settings(folder=folder).put(key, "light") is None
    now = tomllib.loads((folder / "settings.toml").read_bytes().decode())
    table, _, name = key.rpartition(".")
    if table:
        held = tree.get(table)
        tree[table] = {**(held if isinstance(held, dict) else {}), name: "light"}
    else:
        tree[name] = "light"
    assert now == tree
