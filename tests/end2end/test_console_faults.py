"""Errors of the environment and signals to console and tour: one sentence, the right exit code, never a traceback."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = os.environ | {"QTWEBENGINE_DISABLE_SANDBOX": "1"}


@contextmanager
def console(tmp_path: Path, *words: str) -> "Iterator[subprocess.Popen[str]]":
    """Starts a console and kills it after the block, so that a failed test leaves none to delay the next one."""
    environment = ENVIRONMENT | {"XDG_DATA_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "ui.app", *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def ended(tmp_path: Path, *words: str) -> tuple[int, str]:
    with console(tmp_path, *words) as process:
        _, told = process.communicate(timeout=60)
    assert "Traceback" not in told
    return process.returncode, told


def test_a_password_s_file_that_is_not_there(tmp_path: Path) -> None:
    code, told = ended(tmp_path, "--user", "d07", "--password-file", str(tmp_path / "nowhere"))
    assert code == 1
    assert "口令文件读不到" in told
    assert "nowhere" in told


def test_a_size_that_is_none(tmp_path: Path) -> None:
    code, told = ended(tmp_path, "--size", "wide")
    assert code == 2
    assert "1920x1080" in told


@pytest.mark.parametrize("name", ["../elsewhere", "a/b", "", "..", "x\ny"])
def test_a_profile_is_a_folder_beside_the_others_and_nowhere_else(tmp_path: Path, name: str) -> None:
    code, told = ended(tmp_path, "--profile", name)
    assert code == 2
    assert "不能作档案名" in told
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("out", ["file", "file/below"])
def test_pictures_of_a_tour_that_cannot_be_kept(tmp_path: Path, out: str) -> None:
    (tmp_path / "file").write_text("here already")
    command = [sys.executable, "-m", "ui.tour", "--out", str(tmp_path / out)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert run.returncode == 2
    assert "Nothing was written; name another by --out." in run.stderr
    assert run.stderr.count("\n") == 1


@pytest.mark.window
@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_a_tour_that_is_stopped_ends_in_good_order(tmp_path: Path, asked: signal.Signals) -> None:
    command = [sys.executable, "-u", "-m", "ui.tour", "--out", str(tmp_path / "out")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True, env=ENVIRONMENT) as tour:
        assert tour.stdout is not None
        tour.stdout.readline()
        tour.send_signal(asked)
        _, told = tour.communicate(timeout=60)
    assert tour.returncode == 128 + asked
    assert "stopped; the pictures so far are in" in told
    assert "Traceback" not in told


@pytest.mark.window
def test_a_second_console_on_the_same_profile_says_so_in_its_window_and_leaves_the_first_alone(tmp_path: Path) -> None:
    with console(tmp_path, "--url", "http://127.0.0.1:9", "--marks") as first:
        assert reads(first, "usable")
        with console(tmp_path, "--url", "http://127.0.0.1:9") as second:
            assert reads(second, "已在另一个窗口打开")
            second.terminate()
            assert second.wait(timeout=30) == 1
        assert first.poll() is None
        first.terminate()
        assert first.wait(timeout=30) == 0


@pytest.mark.window
def test_a_console_that_is_told_to_end_ends_in_good_order(tmp_path: Path) -> None:
    with console(tmp_path, "--url", "http://127.0.0.1:9", "--marks") as process:
        assert reads(process, "usable")
        process.terminate()
        assert process.wait(timeout=30) == 0


@pytest.mark.window
def test_a_demonstration_s_account_that_there_is_not_is_answered_with_those_that_there_are(tmp_path: Path) -> None:
    rows = [{"user": "u-1-urban", "password": "q", "role": "unit"}]
    (tmp_path / "demo_accounts.json").write_text(json.dumps(rows), encoding="utf-8")
    words = ("--url", "http://127.0.0.1:9", "--data", str(tmp_path), "--demo-user", "u-2-urban")
    with console(tmp_path, *words) as process:
        assert reads(process, "u-2-urban (unit, u-1-urban)")
        process.terminate()
        assert process.wait(timeout=30) == 0


def reads(process: "subprocess.Popen[str]", words: str) -> bool:
    """Waits until a line of stderr contains `words`; returns False when the console ends without one."""
    assert process.stderr is not None
    return any(words in line for line in process.stderr)
