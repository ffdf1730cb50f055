"""A console with its window in a process of its own, which measures the delays of its event loop.

It reads `rest` (for two seconds) or `until N` (N cases on its board) from standard input and answers
`beat MILLISECONDS`: the longest time between two ticks of a 10 ms timer, less the 10.
"""

import asyncio
import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from tests.process.program import Program, ending

BEAT = 0.010  # seconds
SETTLING = 5.0  # seconds in which the map's page loads and the panels are built
REST = 2.0
PATIENCE = 120.0


class Seat:
    """The console process as the benchmark controls it."""

    def __init__(self, program: Program) -> None:
        self._program = program

    async def beats(self, order: str) -> float:
        """Returns the worst timer delay in milliseconds while the process carries out `order`."""
        since = len(self._program.said)
        self._program.tell(order)
        return float(await self._program.hear("beat ", since=since, seconds=PATIENCE))


@asynccontextmanager
async def opened(folder: Path, url: str) -> AsyncIterator[Seat]:
    """Starts a clerk's console on the profile in `folder`, yields it live and settled, and kills it after the block."""
    program = Program("-m", "tests.bench._outage_window", str(folder), url)
    async with ending(program):
        await program.start()
        await program.hear("live")
        yield Seat(program)


class Beats:
    """A 10 ms timer of Qt's loop; `worst` is its longest delay in milliseconds since `during` began."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.worst = 0.0
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    async def during(self, is_over: Callable[[], object]) -> float:
        """Returns the worst delay in milliseconds until `is_over()` is true."""
        self.worst, self._last = 0.0, time.perf_counter()
        self._timer.start(round(BEAT * 1000))
        while not is_over():  # noqa: ASYNC110 (what is waited for is another task's work)
            await asyncio.sleep(BEAT)
        self._timer.stop()
        return self.worst

    def _beat(self) -> None:
        now = time.perf_counter()
        self.worst = max(self.worst, (now - self._last - BEAT) * 1000)
        self._last = now


def main(folder: Path, url: str) -> None:
    """Opens the window and carries out the orders from standard input until that ends."""
    import qasync
    from PySide6.QtWidgets import QApplication

    from commandcenter.settings.file import open_settings
    from tests.kit.district import PASSWORD
    from ui.app.console_application import ConsoleApplication
    from ui.app.process.arguments import StartOptions
    from ui.app.process.faults import Faults
    from ui.app.process.marks import Marks
    from ui.app.start import show_window

    app = QApplication([sys.argv[0]])
    loop = qasync.QEventLoop(app)
    start = StartOptions(url=url, user="clerk", password=PASSWORD, size=(1920, 1080))
    settings, marks, faults = open_settings(folder=folder), Marks(on=False), Faults()
    faults.hook()
    with loop:
        opening = ConsoleApplication(show_window(app, start, settings, marks), start, settings, faults, marks)
        loop.run_until_complete(_work(opening))


async def _work(opening) -> None:
    orders: asyncio.Queue[str] = asyncio.Queue()
    _listen(orders)
    await opening.open()
    desk = opening.console.seat.desk
    while desk.connection.state != "live":  # noqa: ASYNC110 (another task's work)
        await asyncio.sleep(BEAT)
    await asyncio.sleep(SETTLING)
    beats = Beats()
    print("live", flush=True)
    while order := await orders.get():
        print(f"beat {await beats.during(_end_of(order, desk)):.2f}", flush=True)
    await opening.close()


def _end_of(order: str, desk) -> Callable[[], bool]:
    """Returns the condition that ends `order`: seconds for `rest`, the number of cases on the board for `until`."""
    word, _, count = order.partition(" ")
    if word == "rest":
        ends = time.perf_counter() + REST
        return lambda: time.perf_counter() > ends
    return lambda: len(desk.board.cases) >= int(count)


def _listen(orders: "asyncio.Queue[str]") -> None:
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(orders.put_nowait, line.strip())
        loop.call_soon_threadsafe(orders.put_nowait, "")

    threading.Thread(target=read, daemon=True).start()


if __name__ == "__main__":
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
    main(Path(sys.argv[1]), sys.argv[2])
