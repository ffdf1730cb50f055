"""A start reads what it needs and no more, and what is not needed for the first sight waits for it."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.app import first_paint
from ui.app.first_paint import FirstPaint
from ui.app.start import first_size

ROOT = Path(__file__).resolve().parents[3]
COUNTING = """
import sys
from ui.app.process import imports
imports.lighten_imports()
read = []
sys.addaudithook(lambda event, about: event == "open" and str(about[0]).endswith(".py") and read.append(about[0]))
import commandcenter.bootstrap
is_loaded = "httpx" in sys.modules
import httpx
print(len(read), is_loaded, "pygments" in sys.modules)
"""


@pytest.fixture(scope="module")
def start() -> tuple[int, bool, bool]:
    """(source files read, whether the network's library was loaded) while the board's rooms are imported.

    Last, whether that library has brought its command line along when it was.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    said = ""
    for _ in range(2):  # the first writes byte code
        command = [sys.executable, "-c", COUNTING]
        said = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, check=True).stdout
    read, is_loaded, has_command_line = said.split()
    return int(read), is_loaded == "True", has_command_line == "True"


def test_no_source_is_read_for_switches_that_nobody_throws(start: tuple[int, bool, bool]) -> None:
    assert start[0] < 20


def test_the_networks_library_is_not_loaded_before_the_board_can_be_read_nor_its_command_line_at_all(
    start: tuple[int, bool, bool],
) -> None:
    assert not any(start[1:])


def test_the_first_sight_comes_once_whichever_list_is_painted(qapp: QApplication, qtbot: QtBot) -> None:
    first, second = QWidget(), QWidget()
    came = []
    seen = FirstPaint(qapp)
    seen.seen.connect(lambda: came.append(seen.came))
    for widget in (first, second):
        qtbot.addWidget(widget)
        seen.watch(widget)
        widget.show()
    qtbot.waitUntil(lambda: bool(came))
    second.repaint()
    qtbot.wait(50)
    assert came == [True]
    asyncio.run(asyncio.wait_for(seen.wait_until_painted(), 60))


def test_a_window_that_nobody_sees_is_not_waited_for(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_paint, "UNSEEN", 0.05)
    seen = FirstPaint(qapp)
    seen.watch(QWidget())
    asyncio.run(asyncio.wait_for(seen.wait_until_painted(), 60))
    assert not seen.came


@pytest.mark.parametrize("screen", [(1366, 768), (1600, 860), (3840, 2160)])
def test_a_window_that_nobody_has_sized_fits_the_screen(screen: tuple[int, int]) -> None:
    size = first_size(QSize(*screen))
    assert (size.width(), size.height()) == (min(screen[0], 1680), min(screen[1], 980))
