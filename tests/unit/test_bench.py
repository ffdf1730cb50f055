"""What the bench measures with is still there: each of its programs runs, on a district small enough for every day."""

import subprocess
import sys

import pytest

from tests.bench import map_bench
from tests.bench._process_tree import child_with, cpu_seconds, memory, tree

PARENT = """
import subprocess, sys
from contextlib import ExitStack
child = "import sys; print(sum(range(3_000_000)), flush=True); sys.stdin.read()"
with ExitStack() as stack:
    for word in ("serve", "page"):
        words = [sys.executable, "-c", child, word]
        made = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        stack.enter_context(made).stdout.readline()
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.mark.window
def test_both_maps_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_bench, "CASES", 300)
    monkeypatch.setattr(map_bench, "ROUNDS", 1)
    rows = {row["name"]: row for row in map_bench.rows("map")}
    assert set(rows) == set(map_bench.NAMES)
    assert all(row["value"] > 0 and row["peer_value"] > 0 for row in rows.values())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the bench reads /proc")
def test_a_console_is_measured_with_its_page_and_without_its_platform() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=pipe, stdout=pipe, text=True) as console:
        assert console.stdout is not None
        assert console.stdout.readline() == "ready\n"
        platform, page = (child_with(console.pid, word) for word in ("serve", "page"))
        assert set(tree(console.pid, without=platform)) == {console.pid, page}
        used = cpu_seconds(iter([page, 0]))  # 0: a process that is gone has none
        assert list(used) == [page]
        assert used[page] > 0
        assert 1 < memory(page, "RssAnon") < memory(page, "VmRSS") < 100
        with pytest.raises(LookupError):
            child_with(console.pid, "nobody")
        console.communicate("")
