"""A start reads what it needs and no more."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
COUNTING = """
import sys
from ui.app import plain_imports
{first}
read = []
sys.addaudithook(lambda event, about: event == "open" and str(about[0]).endswith(".py") and read.append(about[0]))
import commandcenter.bootstrap
print(len(read), "httpx" in sys.modules)
"""


def _read(first: str) -> tuple[int, bool]:
    """(source files read, whether the network's library was loaded) while the board's rooms are imported."""
    _once = [sys.executable, "-c", COUNTING.format(first=first)]
    for _ in range(2):  # the first writes byte code
        said = subprocess.run(_once, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return int(said[0]), said[1] == "True"


def test_no_source_is_read_for_switches_that_nobody_throws() -> None:
    assert _read("plain_imports.put_back()")[0] < _read("")[0] / 4


def test_the_networks_library_is_not_loaded_before_the_board_can_be_read() -> None:
    assert not _read("plain_imports.put_back()")[1]
