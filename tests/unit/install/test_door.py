"""The door: which Python may enter, what help says, what an unknown word is answered."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from commandcenter import cli
from commandcenter.install import check_python, display

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_a_supported_python_is_let_in(version: tuple[int, int], capsys: pytest.CaptureFixture[str]) -> None:
    check_python(version)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("version", [(3, 6), (3, 10), (3, 14), (4, 0)])
def test_any_other_python_is_told_in_one_sentence(version: tuple[int, int]) -> None:
    with pytest.raises(SystemExit) as leaving:
        check_python(version)
    sentence = str(leaving.value.code)
    assert "3.11 to 3.13" in sentence
    assert f"this is {version[0]}.{version[1]}" in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("word", ["help", "-h", "--help"])
def test_help_needs_nothing_installed_and_names_every_command(word: str) -> None:
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _DOOR, str(ROOT), word], capture_output=True, encoding="utf-8", check=True
    )
    assert run.stderr == ""
    assert [name for name in _names() if f"\n  {name} " not in run.stdout] == []


def test_help_is_aligned_for_a_terminal() -> None:
    rows = [line for line in cli.overview().splitlines() if line.split()[:1] and line.split()[0] in _names()]
    assert len(rows) == len(cli.COMMANDS)
    starts = {_cells(row[: row.index(command.en)]) for row, command in zip(rows, cli.COMMANDS, strict=True)}
    assert len(starts) == 1
    assert max(map(_cells, rows)) <= 80


def test_an_unknown_command_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["imprt"]) == 2
    said = capsys.readouterr().err
    assert "did you mean import?" in said
    assert said.count("\n") == 1


def test_a_word_like_no_command_is_pointed_to_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["zzzz"]) == 2
    assert "main.py help" in capsys.readouterr().err


def test_no_word_or_only_options_mean_the_console() -> None:
    assert cli.chosen([])[0].name == "console"
    assert cli.chosen(["--lang", "en"]) == (cli.COMMANDS[0], ["--lang", "en"])
    assert cli.chosen(["seed", "--full"])[1] == ["--full"]


def test_the_wheelhouse_is_taken_out_of_the_line(tmp_path: Path) -> None:
    words, folder = cli.without_wheelhouse(["test", "--offline", str(tmp_path), "-k", "door"])
    assert words == ["test", "-k", "door"]
    assert folder == str(tmp_path)


@pytest.mark.parametrize("line", [["--offline"], ["--offline", "nowhere", "seed"]])
def test_a_wheelhouse_that_is_no_folder_is_refused(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(line) == 2
    assert "wants the folder" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_a_screen_is_what_the_environment_names() -> None:
    assert not display.has_screen({})
    assert not display.has_screen({"DISPLAY": ""})
    assert display.has_screen({"DISPLAY": ":0"})
    assert display.has_screen({"WAYLAND_DISPLAY": "wayland-0"})


_DOOR = "import sys; sys.path.insert(0, sys.argv[1]); from commandcenter.cli import main; sys.exit(main(sys.argv[2:]))"


def _names() -> list[str]:
    return [command.name for command in cli.COMMANDS]


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def test_a_package_that_was_deleted_by_hand_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def gone(*_: object) -> int:
        raise ModuleNotFoundError("No module named 'numpy'", name="numpy.core")

    monkeypatch.setattr(cli, "_dispatch", gone)
    assert cli.main(["seed"]) == 1
    said = capsys.readouterr().err
    assert "numpy.core is gone from .venv" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("name", [command.name for command in cli.COMMANDS])
def test_each_command_s_help_is_in_both_languages(name: str) -> None:
    run = subprocess.run([sys.executable, str(ROOT / "main.py"), "help", name], capture_output=True, encoding="utf-8")
    assert (run.returncode, run.stderr) == (0, "")
    assert f"main.py {name}" in run.stdout
    assert any("\u4e00" <= sign <= "\u9fff" for sign in run.stdout)
    assert " · " in run.stdout


def test_a_file_that_figures_cannot_go_to_is_told_before_anything_is_measured(tmp_path: Path) -> None:
    code, said = at_a_screen(":0", tmp_path, "bench", "--json", str(tmp_path / "nowhere" / "rows.json"), offscreen=True)
    assert code == 2
    assert "nothing was measured" in said


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
@pytest.mark.parametrize("words", [["console"], ["tour", "--out", "t"]])
def test_a_screen_that_does_not_answer_is_one_sentence(words: list[str], tmp_path: Path) -> None:
    code, said = at_a_screen(":9876", tmp_path, *words)
    assert code == 2
    assert ":9876" in said
    assert said.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_without_a_screen_wrong_options_of_the_console_are_told_all_the_same(tmp_path: Path) -> None:
    code, said = at_a_screen("", tmp_path, "console", "--sise", "1920x1080")
    assert code == 2
    assert "--sise" in said
    assert "tour is played" not in said
    assert not list(tmp_path.iterdir())


def at_a_screen(name: str, folder: Path, *words: str, offscreen: bool = False) -> tuple[int, str]:
    """What the command says where DISPLAY is `name`."""
    other = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    named = {key: value for key, value in os.environ.items() if key not in other} | ({"DISPLAY": name} if name else {})
    named |= {"QT_QPA_PLATFORM": "offscreen"} if offscreen else {}
    command = [sys.executable, str(ROOT / "main.py"), *words]
    run = subprocess.run(command, cwd=folder, env=named, capture_output=True, encoding="utf-8", timeout=60)
    return run.returncode, run.stderr
