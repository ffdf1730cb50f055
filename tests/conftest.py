"""Fixtures of all tests: no unexpected log records, replayable random draws, garbage collection in the thread of Qt."""

import gc
import logging
import os
import random
import secrets
from collections.abc import Iterator

import pytest

from commandcenter.install import display

if "PYTEST_XDIST_WORKER" in os.environ:
    display.take_screen()  # two windows on one screen would take the keyboard focus from each other
if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")  # the sandbox of the web engine does not run as root
ALLOWED_LEVEL = logging.WARNING
OLD_GARBAGE = 20  # collections of young garbage, one a test, before one of old garbage
_WITH_WINDOWS = {"gui", "end2end"}


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=ALLOWED_LEVEL)
        self.heard: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record)


@pytest.fixture(autouse=True)
def quiet_log(request: pytest.FixtureRequest) -> Iterator[list[logging.LogRecord]]:
    """Yields the records of level WARNING and above; fails the test on any that no `expects_log(text)` announces."""
    listener = _Listener()
    root = logging.getLogger()
    root.addHandler(listener)
    yield listener.heard
    root.removeHandler(listener)
    expected = [marker.args[0] for marker in request.node.iter_markers("expects_log")]
    strange = [r for r in listener.heard if not any(text in r.getMessage() for text in expected)]
    if strange:
        pytest.fail("unexpected log: " + "; ".join(f"{r.name}: {r.getMessage()}" for r in strange))


@pytest.fixture
def chance() -> random.Random:
    """Returns a generator with a new seed for each run. A failure shows the seed; TEST_SEED=NUMBER replays it."""
    seed = int(os.environ.get("TEST_SEED") or secrets.randbelow(1 << 32))
    print(f"seed {seed}: TEST_SEED={seed} draws the same again")
    return random.Random(seed)


@pytest.fixture(autouse=True)
def garbage_of_windows(request: pytest.FixtureRequest) -> Iterator[None]:
    """Once a test uses widgets, collects garbage only between tests, in Qt's thread: in another the run hangs.

    A window that outlasted its test is old garbage, which is looked for now and then: each new theme styles it again.
    """
    if "qapp" in request.fixturenames or _WITH_WINDOWS & set(request.path.parts):
        gc.disable()
    yield
    if not gc.isenabled():
        is_time = gc.get_count()[2] >= OLD_GARBAGE
        gc.collect(2 if is_time else 1)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints how to replay the random draws of each test that recorded its seeds, whether it passed or failed."""
    reports = (report for found in terminalreporter.stats.values() for report in found)
    said = ((report, name, value) for report in reports for name, value in getattr(report, "user_properties", ()))
    for report, name, value in said:
        if name == "seeds" and report.when == "call":
            terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {value}")
