"""The standard streams at their worst: cut off, closed, on a full disk; the work is done, nobody sees a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DOOR = "import sys; sys.path.insert(0, {root!r}); from commandcenter.cli import main; sys.exit(main({words!r}))"
PYTHON = [sys.executable, "-I", "-S", "-c", DOOR.format(root=str(ROOT), words=["help"])]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="said in the words of a POSIX shell")


def shell(line: str, *words: str) -> subprocess.CompletedProcess[str]:
    """What `line` of a shell does; its "$@" is the command."""
    return subprocess.run(["bash", "-c", line, "sh", *(words or PYTHON)], capture_output=True, encoding="utf-8")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    done = shell('set -o pipefail; "$@" | true')
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_error(closed: str) -> None:
    done = shell(f'"$@" {closed}')
    assert (done.returncode, done.stderr) == (0, "")


def test_a_file_never_takes_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    opened = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from commandcenter.install import streams; "
        "streams.make_streams_safe(); "
        f"sys.exit(open({str(tmp_path / 'file')!r}, 'w').fileno() < 3)"
    )
    assert shell('"$@" <&- >&- 2>&-', sys.executable, "-c", opened).returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_an_output_that_cannot_be_written_is_one_sentence_and_an_exit_code() -> None:
    done = shell('"$@" >/dev/full')
    assert done.returncode == 1
    assert "what was done is done" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_command_whose_module_leaves_by_itself_is_guarded_too(tmp_path: Path) -> None:
    seed = [sys.executable, str(ROOT / "main.py"), "seed", "--help"]
    done = shell('set -o pipefail; "$@" | true', *seed)
    assert (done.returncode, done.stderr) == (0, "")
