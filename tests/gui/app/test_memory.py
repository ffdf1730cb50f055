"""What the start has freed is the system's again."""

import ctypes
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.app.process.memory import trim_heap

BLOCK, MANY = 4096, 20_000  # 80 MB in blocks that malloc takes from its heap


def resident() -> float:
    """The megabytes of this process in memory that are no file's."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems take it back by themselves")
def test_memory_below_a_block_that_is_still_in_use_is_returned(qtbot: QtBot) -> None:
    library = ctypes.CDLL(None)
    library.malloc.restype, library.free.argtypes = ctypes.c_void_p, (ctypes.c_void_p,)
    blocks = [library.malloc(BLOCK) for _ in range(MANY)]
    for block in blocks:
        ctypes.memset(block, 1, BLOCK)
    top, full = library.malloc(BLOCK), resident()
    for block in blocks:
        library.free(block)
    assert resident() > full - 40
    whole = QObject()
    trim_heap(whole, after=10)
    qtbot.waitUntil(lambda: resident() < full - 60)
    library.free(top)
