"""A first start from a folder of packages: made once, marked, made again when the lock changes, refused by hash."""

from __future__ import annotations

import hashlib
import io
import subprocess
import zipfile
from pathlib import Path

import pytest

from commandcenter.install import stage, stamp
from commandcenter.install.failure import SetupFailed
from commandcenter.install.steps import Outcome, Steps

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    """A tree with nothing but a lock of one package, and that package in its folder `wheels`."""
    (tmp_path / "resources" / "locks").mkdir(parents=True)
    (tmp_path / "wheels").mkdir()
    _lock(tmp_path, _wheel(tmp_path / "wheels" / "lantern-1.0-py3-none-any.whl"))
    return tmp_path


def test_a_first_start_makes_the_tree_ready_and_the_next_finds_it_so(
    hall: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not stamp.is_ready(str(hall), window=False)
    stage.prepare(str(hall), window=False, wheelhouse=str(hall / "wheels"))
    assert stamp.is_ready(str(hall), window=False)
    assert not stamp.is_ready(str(hall), window=True)
    said = subprocess.run([stamp.python(str(hall)), "-c", "import lantern; print(lantern.LIT)"], capture_output=True)
    assert said.stdout.strip() == b"True"
    told = capsys.readouterr()
    assert told.out == ""  # standard output belongs to the command
    assert "[1/2]" in told.err
    assert "[2/2]" in told.err
    assert told.err.count("✓") == 2


def test_a_package_that_is_not_the_locked_one_is_refused(hall: Path) -> None:
    _lock(hall, hashlib.sha256(b"another").hexdigest())
    with pytest.raises(SetupFailed) as failure:
        stage.prepare(str(hall), window=False, wheelhouse=str(hall / "wheels"))
    assert "\n" not in str(failure.value)
    assert not stamp.is_ready(str(hall), window=False)
    assert (hall / ".venv" / "setup.log").is_file()


def test_another_lock_or_interpreter_undoes_the_mark(hall: Path) -> None:
    python = Path(stamp.python(str(hall)))
    python.parent.mkdir(parents=True)
    python.touch()
    stamp.mark(str(hall), stamp.PACKAGES)
    assert stamp.is_ready(str(hall), window=False)
    _lock(hall, hashlib.sha256(b"another").hexdigest())
    assert not stamp.is_ready(str(hall), window=False)
    stamp.mark(str(hall), stamp.PACKAGES)
    python.unlink()
    python.symlink_to(hall / "newer")
    assert not stamp.is_ready(str(hall), window=False)


def test_a_folder_that_cannot_be_written_is_one_sentence(hall: Path) -> None:
    (hall / ".venv").write_text("a file where the folder should be", encoding="ascii")
    with pytest.raises(SetupFailed, match=r"set-up stopped: .*\.venv"):
        stage.prepare(str(hall), window=False)


def test_the_shipped_locks_hold_a_hash_for_each_package_and_no_address() -> None:
    for lock in sorted((ROOT / "resources" / "locks").glob("*.txt")):
        lines = lock.read_text(encoding="utf-8").splitlines()
        pins = [at for at, line in enumerate(lines) if "==" in line and not line.startswith((" ", "#"))]
        assert pins
        assert all("--hash=sha256:" in lines[at + 1] for at in pins)
        assert not [line for line in lines if "://" in line or line.startswith(("-", "#"))]


def test_steps_are_plain_lines_where_nothing_can_move() -> None:
    out = io.StringIO()
    steps = Steps(2, out)
    with pytest.raises(SetupFailed), steps.step("one"):
        raise SetupFailed("no")
    with steps.step("two"):
        pass
    lines = out.getvalue().splitlines()
    assert [line.split(" … ")[0].removesuffix(" …") for line in lines] == ["[1/2] one"] * 2 + ["[2/2] two"] * 2
    assert lines[1].endswith("s ✗")
    assert lines[3].endswith("s ✓")


def test_the_reason_of_a_failure_is_its_last_error_line() -> None:
    assert Outcome(1, ("error: no such host", "  hint: look at it", "")).reason == "error: no such host"
    assert Outcome(2, ("it stopped",)).reason == "it stopped"
    assert Outcome(3, ()).reason == "exit 3"


def test_a_program_that_is_not_there_is_an_outcome() -> None:
    assert Steps(1, io.StringIO()).run(["no-such-program-here"]).code == 127


def _lock(hall: Path, digest: str) -> None:
    text = f"lantern==1.0 \\\n    --hash=sha256:{digest}\n"
    (hall / "resources" / "locks" / "requirements.txt").write_text(text, encoding="ascii")
    (hall / "resources" / "locks" / "uv.txt").write_text(f"uv==9.9 --hash=sha256:{'0' * 64}\n", encoding="ascii")


def _wheel(file: Path) -> str:
    about = "lantern-1.0.dist-info"
    parts = {
        "lantern.py": "LIT = True\n",
        f"{about}/METADATA": "Metadata-Version: 2.1\nName: lantern\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},,\n" for name in [*parts, f"{about}/RECORD"])
    with zipfile.ZipFile(file, "w") as wheel:
        for name, text in {**parts, f"{about}/RECORD": record}.items():
            wheel.writestr(name, text)
    return hashlib.sha256(file.read_bytes()).hexdigest()
