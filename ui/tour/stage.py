"""Sets the stage for a script: a platform of its own with the demonstration's shift, a real window, other seats."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from commandcenter.bootstrap import Desk, EmbeddedPlatform, demo_account, open_desk
from commandcenter.demonstration.other_seats import OtherSeats
from commandcenter.settings.file import open_settings
from commandcenter.sync.demo_accounts import read_accounts
from commandcenter.sync.unavailable import Unavailable
from ui.app.console_application import ConsoleApplication
from ui.app.host import MAIN
from ui.app.process.arguments import StartOptions
from ui.app.process.closing import run_with_timeout
from ui.app.process.faults import Faults
from ui.app.process.marks import Marks
from ui.app.process.signals import signals_handled
from ui.app.start import show_window
from ui.kit.texts.faults import fault
from ui.map.flags import prepare
from ui.tour.playing import WindowPlayer

# in the folder of a stage
DATA, PLATFORM_LOG = "platform", "platform.log"
PROFILE, CONSOLE_LOG = "profile", "profile/console.log"


def play(script: Callable[[QApplication, Path], Coroutine[None, None, bool]], *, stopped: str) -> int:
    """Plays `script` in a Qt application, with a folder of its own; returns the exit code.

    0 when it held, 1 when not, 2 when it could not begin, after a signal 128 plus its number: then `stopped` is said.
    """
    import qasync  # imported late, as in the console

    prepare()
    app = QApplication([sys.argv[0]])
    app.setQuitOnLastWindowClosed(False)
    loop = qasync.QEventLoop(app)
    with loop, tempfile.TemporaryDirectory(prefix="tour-") as place:
        task = asyncio.ensure_future(script(app, Path(place)), loop=loop)
        told: list[int] = []

        def stop(number: int) -> None:
            told.append(number)
            task.cancel()

        try:
            with signals_handled(stop):
                return 0 if loop.run_until_complete(task) else 1
        except Unavailable as error:
            print(fault(error.code, error.about), file=sys.stderr)
            return 2
        except asyncio.CancelledError:
            print(stopped, file=sys.stderr)
            return 128 + told[0]


@asynccontextmanager
async def stage(
    app: QApplication, place: Path, out: Path, start: Callable[[Path], StartOptions], note: Callable[[str], None]
) -> AsyncIterator[WindowPlayer]:
    """Yields who operates the window; everything is closed at the end.

    `place` holds the files of platform and console, `out` gets the pictures; `start` returns the console's options for
    the platform's folder; `note` gets the number of each fault of the console.
    """
    data = place / DATA
    platform = EmbeddedPlatform(MAIN, place / PLATFORM_LOG)
    faults = Faults(note)
    faults.hook()
    faults.hook_loop(asyncio.get_running_loop())
    opening = _opening(
        app, start(data), place, platform, faults
    )  # runs Qt events, so no other task may be due in the loop
    print("平台起动，造演示区 · the platform starts and makes its district", flush=True)
    others = OtherSeats(lambda: platform.url, lambda: read_accounts(data), lambda name: _seat(data, platform, name))
    try:
        await platform.start(data)
        await opening.open()
        yield WindowPlayer(app, opening, others, out)
    finally:
        await run_with_timeout("other seats", others.close(), 10)
        await opening.close()  # also stops the platform
        faults.close()


def _opening(
    app: QApplication, start: StartOptions, place: Path, platform: EmbeddedPlatform, faults: Faults
) -> ConsoleApplication:
    settings, marks = open_settings(folder=place / PROFILE), Marks(on=False)
    faults.write_to(settings.folder)
    window = show_window(app, start, settings, marks)
    window.move(0, 0)
    return ConsoleApplication(window, start, settings, faults, marks, running=platform)


async def _seat(data: Path, platform: EmbeddedPlatform, name: str) -> Desk:
    """Opens the desk of a seat without a window; it signs in again by itself when the platform restarts."""
    desk = await open_desk(open_settings(folder=data.parent / "seats" / name.replace(".", "-")))
    desk.user.stored_account = lambda: (platform.url, *demo_account(data, name))
    return desk
