"""What a living demonstration weighs, and what it costs while nobody touches it: a console with a platform of its own.

The shift of the demonstration runs, so cases arrive, crews move and clocks tick. Processor time is what the kernel
counts for the processes, and so hardly depends on what else the machine does.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench._process_tree import child_with, cpu_seconds, memory, tree

NAMES = ("platform.memory", "platform.memory_again", "console.memory", "console.rest")
ROOT = Path(__file__).resolve().parents[2]
SETTLED = 120.0  # seconds after the console was started
WINDOW = 60.0  # seconds over which processor time is counted
PATIENCE = 120.0
PACKAGES = "sqlalchemy, alembic, fastapi, uvicorn, httptools, httpx, msgspec, argon2, nacl, numpy, shapely"
BOUNDS = {"platform.memory": 160.0, "platform.memory_again": 160.0, "console.memory": 130.0, "console.rest": 12.0}


@dataclass(frozen=True, slots=True)
class Hall:
    """The processes of a running console and of its platform."""

    console: int
    platform: int

    def rest(self) -> float:
        """Returns how many per cent of a core the console's processes take, without the platform's, over WINDOW."""
        before, began = self._used(), time.monotonic()
        time.sleep(WINDOW)
        used = sum(seconds - before.get(process, 0.0) for process, seconds in self._used().items())
        return 100 * used / (time.monotonic() - began)

    def _used(self) -> dict[int, float]:
        return cpu_seconds(tree(self.console, without=self.platform))


def rows(only: str | None) -> Iterator[dict[str, Any]]:
    """Yields a row for each figure whose name begins with `only`.

    platform.memory: resident MB of the platform that made the demonstration in this start, platform.memory_again: of
    one that found it; console.memory: MB that the console's main process has for itself (RssAnon); each two minutes
    after the start. console.rest: per cent of a core over a minute.
    """
    wanted = [name for name in NAMES if only is None or name.startswith(only)]
    if not wanted:
        return
    with tempfile.TemporaryDirectory() as home:
        figures = dict(_measured(Path(home), wanted))
    for name in wanted:
        yield _row(name, *figures[name])


def _measured(home: Path, wanted: list[str]) -> Iterator[tuple[str, tuple[float, float, str]]]:
    """Yields (name, (value, the peer's, the peer)) in three starts on one folder; the first makes the demonstration."""
    packages = f"the same packages imported and nothing done ({len(PACKAGES.split())})"
    idle = _idle_memory("-c", f"import {PACKAGES}; print('ready', flush=True); input()", name="VmRSS")
    with _living(home) as hall:
        yield "platform.memory", (memory(hall.platform, "VmRSS"), idle, packages)
    with _living(home) as hall:
        yield "platform.memory_again", (memory(hall.platform, "VmRSS"), idle, packages)
        own, resting = memory(hall.console, "RssAnon"), hall.rest() if "console.rest" in wanted else 0.0
    bare = _idle_memory("-m", "tests.bench._bare_page", name="RssAnon")
    yield "console.memory", (own, bare, "a bare window with a table and an empty web page")
    if "console.rest" in wanted:
        with _living(home, map_shown=False) as hall:
            yield "console.rest", (resting, hall.rest(), "the same window without the map")


@contextmanager
def _living(home: Path, *, map_shown: bool = True) -> Iterator[Hall]:
    """Opens a dispatcher's console with a platform of its own, and yields both once they have settled."""
    environment = os.environ | {"XDG_DATA_HOME": str(home), "QTWEBENGINE_DISABLE_SANDBOX": "1"}
    last = "map_drawn" if map_shown else "usable"
    words = ["-m", "tests.bench._resting_console", "--marks", "--data", str(home / "hall"), "--size", "1920x1080"]
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env=environment if map_shown else environment | {"WITHOUT_MAP": "1"},
        stderr=subprocess.PIPE,
        text=True,
    ) as console:
        assert console.stderr is not None
        try:
            while json.loads(_mark(console)).get("mark") != last:
                pass
            time.sleep(max(0.0, began + SETTLED - time.monotonic()))
            yield Hall(console.pid, child_with(console.pid, "serve"))
        finally:
            console.terminate()
            console.wait(PATIENCE)


def _mark(console: "subprocess.Popen[str]") -> str:
    """Returns the next mark that the console reaches."""
    assert console.stderr is not None
    for line in console.stderr:
        if line.startswith('{"mark"'):
            return line
    raise RuntimeError("the console of the bench ended")


def _idle_memory(*words: str, name: str) -> float:
    """Returns the memory in MB of a Python program that has said that it is ready."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, *words], cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as program:
        assert program.stdout is not None
        try:
            assert program.stdout.readline().strip() == "ready"
            return memory(program.pid, name)
        finally:
            program.kill()


def _row(name: str, value: float, peer_value: float, peer: str) -> dict[str, Any]:
    unit = "% of a core" if name == "console.rest" else "MB"
    return {
        "name": name,
        "value": round(value, 1),
        "unit": unit,
        "peer": peer,
        "peer_value": round(peer_value, 1),
        "ratio": round(value / peer_value, 2),
        "bound": f"≤ {BOUNDS[name]:g} {unit[:2].strip()}",
        "holds": value <= BOUNDS[name],
    }
