"""The user's own index settings reach uv as they reach pip; offline nothing but the folder is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from commandcenter.install import index, packages

pytestmark = pytest.mark.usefixtures("no_machine_settings")


@pytest.fixture
def no_machine_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the user's files only: what this machine's own pip is told is not the test's."""
    files = index._pip_files
    monkeypatch.setattr(index, "_pip_files", lambda env: [file for file in files(env) if "etc" not in file.parts])


def _home(tmp_path: Path, text: str) -> dict[str, str]:
    file = tmp_path / ".config" / "pip" / "pip.conf"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return {"HOME": str(tmp_path), "XDG_CONFIG_DIRS": str(tmp_path / "none")}


def test_pips_file_is_said_again_to_uv(tmp_path: Path) -> None:
    env = _home(tmp_path, "[global]\nindex-url = https://mirror.example/simple\ntrusted-host = a.example\n b.example\n")
    told = index.uv_environment(env)
    assert told["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert told["UV_INSECURE_HOST"] == "a.example b.example"
    assert told["UV_INDEX_STRATEGY"] == "unsafe-best-match"


def test_the_install_section_and_then_the_environment_go_before(tmp_path: Path) -> None:
    env = _home(
        tmp_path, "[install]\nfind_links = /two\n[global]\nfind-links = /one\nindex-url = https://one.example/s\n"
    )
    settings = index.pip_settings({**env, "PIP_INDEX_URL": "https://three.example/s"})
    assert settings["find-links"] == "/two"
    assert settings["index-url"] == "https://three.example/s"


@pytest.mark.parametrize("name", ["UV_DEFAULT_INDEX", "UV_INDEX_URL"])
def test_what_the_user_told_uv_stands(tmp_path: Path, name: str) -> None:
    env = _home(tmp_path, "[global]\nindex-url = https://pip.example/simple\n") | {name: "https://uv.example/simple"}
    told = index.uv_environment(env)
    assert told[name] == "https://uv.example/simple"
    assert "https://pip.example/simple" not in told.values()


def test_a_settings_file_for_uv_speaks_alone(tmp_path: Path) -> None:
    env = _home(tmp_path, "[global]\nindex-url = https://pip.example/simple\n")
    (tmp_path / ".config" / "uv").mkdir()
    (tmp_path / ".config" / "uv" / "uv.toml").touch()
    assert "UV_DEFAULT_INDEX" not in index.uv_environment(env)


def test_a_broken_settings_file_is_left_to_pip(tmp_path: Path) -> None:
    assert index.pip_settings(_home(tmp_path, "no section here\n")) == {}


def test_offline_asks_the_folder_alone() -> None:
    env = {"UV_INDEX_URL": "https://uv.example/s", "PIP_INDEX_URL": "https://pip.example/s", "PIP_FIND_LINKS": "/x"}
    assert not {"UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_FIND_LINKS"} & index.uv_environment(env, "/wheels").keys()
    assert not set(index.PIP_SOURCES) & packages.pip_env("/wheels", env).keys()
    uv = packages.uv_command("/hall", "/usr/bin/uv", "/wheels")
    assert uv[uv.index("--find-links") + 1] == "/wheels"
    assert {"--no-index", "--offline", "--require-hashes"} <= set(uv)
    pip = packages.pip_words(["pip"], "/hall/lock.txt", "/wheels")
    assert pip[pip.index("--find-links") + 1] == "/wheels"
    assert {"--no-index", "--require-hashes"} <= set(pip)


def test_with_an_index_hashes_are_wanted_all_the_same() -> None:
    for words in (packages.uv_command("/hall", "uv", None), packages.pip_words(["pip"], "/hall/lock.txt", None)):
        assert "--require-hashes" in words
        assert "--no-index" not in words
    assert packages.pip_env(None, {"PIP_INDEX_URL": "https://pip.example/s"})["PIP_INDEX_URL"]
