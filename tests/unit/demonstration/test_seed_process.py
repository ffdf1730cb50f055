"""A demonstration is made in a process of its own, which says what went wrong and ends with the platform."""

import subprocess
import sys
from pathlib import Path

import pytest

from commandcenter.demonstration import plugin, seed_process
from commandcenter.server.errors import UnusableEnvironment
from commandcenter.server.storage.database import has_database

ROOT = Path(__file__).parents[3]


def test_a_first_start_makes_the_district_and_is_as_small_as_before(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from commandcenter.demonstration import plugin
def megabytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1e3 for line in status if line.startswith("VmRSS:"))
before = megabytes()
plugin.fill(Path(sys.argv[1]))
print(megabytes() - before)
"""
    words = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "6,356 of 6,356 cases" in done.stderr
    assert has_database(tmp_path)
    assert not sys.platform.startswith("linux") or float(done.stdout) < 10


def test_a_folder_that_cannot_be_filled_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusableEnvironment, match="cannot be written") as wrong:
        plugin.fill(tmp_path / "file")
    assert wrong.value.code == "unwritable"


def test_the_making_ends_with_the_platform_that_waits_for_it(tmp_path: Path) -> None:
    words, pipe = [sys.executable, "-m", seed_process._MODULE, str(tmp_path)], subprocess.PIPE
    with subprocess.Popen(words, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as making:
        assert making.stderr is not None
        assert "making" in making.stderr.readline()
        assert making.stdin is not None
        making.stdin.close()  # as the kernel does when the platform is killed
        assert making.wait(60) == 1
    assert not has_database(tmp_path)
