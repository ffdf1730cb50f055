"""Starts the console: the window first, then the error hooks, then the desk; and ends it in order."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from commandcenter.settings.file import Settings, open_settings
from ui import theme
from ui.app.process.arguments import DEFAULT_SIZE, StartOptions, UnreadablePassword, read
from ui.app.process.garbage import START_MS, collect_in_main_thread
from ui.app.process.marks import Marks
from ui.app.process.memory import STARTED_MS, trim_heap
from ui.app.process.signals import signals_handled
from ui.kit.texts.faults import fault_in_both
from ui.kit.texts.words import phrase, speak
from ui.map.flags import prepare
from ui.window import Window

if TYPE_CHECKING:
    from ui.app.console_application import ConsoleApplication
    from ui.app.process.faults import Faults


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the console; returns 0, or 1 when it could not be opened. Exits with 2 for invalid arguments."""
    try:  # before Qt: `--help` needs no screen
        start = read(sys.argv[1:] if argv is None else argv)
    except UnreadablePassword as error:
        print(fault_in_both("no_password_file", str(error)), file=sys.stderr)
        return 1
    os.umask(0o077)  # journal, mirror, log and layout hold personal data: only this user may read them
    prepare()
    app = QApplication([sys.argv[0]])
    app.setApplicationName("commandcenter")
    app.setQuitOnLastWindowClosed(False)
    speak("zh")
    settings = open_settings(start.profile)
    marks = Marks(on=start.marks)
    window = show_window(app, start, settings, marks)
    return _run(app, window, start, settings, marks)


def show_window(app: QApplication, start: StartOptions, settings: Settings, marks: Marks) -> Window:
    """Returns the painted window with its theme and empty docks; nothing heavy was imported for it."""
    collect_in_main_thread(app, after=START_MS)
    trim_heap(app, after=STARTED_MS)
    theme.apply_theme(app, start.theme or str(settings["theme"]))
    speak(start.language or str(settings["language"]))
    window = Window(kept=settings.folder / "window.ini")
    window.painted.connect(lambda: marks.reach("first_paint"))
    if start.size or not window.dock_layout.restore_geometry():
        window.resize(QSize(*start.size) if start.size else first_size(window.screen().availableSize()))
    window.show()
    window.activateWindow()  # a person started it: the first field has the keyboard, also without a window manager
    for _ in range(2):  # one turn paints, one emits `painted`; the imports that follow would delay it
        app.processEvents()
    return window


def first_size(available: QSize) -> QSize:
    """Returns the size of a window that nobody has sized yet: never larger than what the screen has."""
    return QSize(*DEFAULT_SIZE).boundedTo(available)


def _run(app: QApplication, window: Window, start: StartOptions, settings: Settings, marks: Marks) -> int:
    import qasync  # late: the window is on the screen first

    from ui.app.console_application import ConsoleApplication
    from ui.app.process.faults import Faults

    faults = Faults(lambda number: _tell_fault(window, number))
    faults.hook()
    faults.write_to(settings.folder)
    loop = qasync.QEventLoop(app)
    with loop:
        faults.hook_loop(loop)
        opening = ConsoleApplication(window, start, settings, faults, marks)
        with signals_handled(lambda _number: opening.leave()):
            loop.run_until_complete(_run_console(opening, faults))
    faults.close()
    return 1 if opening.failed else 0


async def _run_console(opening: "ConsoleApplication", faults: "Faults") -> None:
    """Opens the console, waits for its end and closes it.

    An error of this program while opening is shown, and the window stays open to be read.
    """
    try:
        await opening.open()
    except Exception as error:  # an error of this program: shown by its number
        faults.note(error)
    await opening.ended.wait()
    await opening.close()


def _tell_fault(window: Window, number: str) -> None:
    text = phrase("我们的错：这一步没有做成，已存的都在。编号 {number}，详情在本机日志。", number=number)
    window.toasts.tell(text, tone="bad", seconds=20)
