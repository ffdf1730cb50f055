"""A console with its window in a process of its own, which measures the delays of its event loop.

It reads `rest` (for two seconds), `until N` (N cases on its board) or `at ROOM SECONDS` from standard input and answers
`beat WORST P99 BUSY`, in milliseconds: the longest time between two ticks of a 10 ms timer, less the 10, that which one
in a hundred exceeds, and the processor time of the thread between two ticks that one in a hundred exceeds.
"""

import asyncio
import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from tests.process.program import Program, ending

BEAT = 0.010  # seconds
SETTLING = 5.0  # seconds in which the map's page loads and the panels are built
REST = 2.0
ENTERING = 2.0  # seconds in which a room that was just opened is built
PATIENCE = 120.0


class Lateness(NamedTuple):
    """Delays of a timer in milliseconds: the longest, and the one that a hundredth of all exceeds.

    `busy` is the time that the thread itself worked between two beats, which a hundredth exceeds.
    """

    worst: float
    p99: float
    busy: float


class Seat:
    """The console process as the benchmark controls it."""

    def __init__(self, program: Program) -> None:
        self._program = program

    async def beats(self, order: str) -> Lateness:
        """Returns the timer's delays while the process carries out `order`."""
        since = len(self._program.said)
        self._program.tell(order)
        told = await self._program.hear("beat ", since=since, seconds=PATIENCE)
        return Lateness(*map(float, told.split()))


@asynccontextmanager
async def opened(folder: Path, url: str, user: str) -> AsyncIterator[Seat]:
    """Starts a console of `user` on the profile in `folder`, yields it live and settled, and kills it in the end."""
    program = Program("-m", "tests.bench._measured_window", str(folder), url, user)
    async with ending(program):
        await program.start()
        await program.hear("live")
        yield Seat(program)


class Beats:
    """A 10 ms timer of Qt's loop, and its delays in milliseconds since `during` began."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._delays: list[float] = []
        self._busy: list[float] = []
        self._last = self._worked = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    async def during(self, is_over: Callable[[], object]) -> Lateness:
        """Returns the delays until `is_over()` is true."""
        self._delays, self._busy = [0.0], [0.0]
        self._last, self._worked = time.perf_counter(), time.thread_time()
        self._timer.start(round(BEAT * 1000))
        while not is_over():  # noqa: ASYNC110 (what is waited for is another task's work)
            await asyncio.sleep(BEAT)
        self._timer.stop()
        return Lateness(max(self._delays), _p99(self._delays), _p99(self._busy))

    def _beat(self) -> None:
        now = time.perf_counter()
        worked = time.thread_time()
        self._delays.append((now - self._last - BEAT) * 1000)
        self._busy.append((worked - self._worked) * 1000)
        self._last, self._worked = now, worked


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def main(folder: Path, url: str, user: str) -> None:
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
    start = StartOptions(url=url, user=user, password=PASSWORD, size=(1920, 1080))
    settings, marks, faults = open_settings(folder=folder), Marks(on=False), Faults()
    faults.hook()
    with loop:
        opening = ConsoleApplication(show_window(app, start, settings, marks), start, settings, faults, marks)
        loop.run_until_complete(_work(opening))


async def _work(opening) -> None:
    orders: asyncio.Queue[str] = asyncio.Queue()
    _listen(orders)
    await opening.open()
    console = opening.console
    desk = console.seat.desk
    while desk.connection.state != "live":  # noqa: ASYNC110 (another task's work)
        await asyncio.sleep(BEAT)
    await asyncio.sleep(SETTLING)
    beats = Beats()
    print("live", flush=True)
    while order := await orders.get():
        if order.startswith("at "):
            console.registry.trigger(order.split()[1])
            await asyncio.sleep(ENTERING)
        told = await beats.during(_end_of(order, desk))
        print(f"beat {told.worst:.2f} {told.p99:.2f} {told.busy:.2f}", flush=True)
    await opening.close()


def _end_of(order: str, desk) -> Callable[[], bool]:
    """Returns the condition that ends `order`: seconds, or the number of cases on the board for `until`."""
    word, *told = order.split()
    if word == "until":
        return lambda: len(desk.board.cases) >= int(told[0])
    ends = time.perf_counter() + (float(told[1]) if word == "at" else REST)
    return lambda: time.perf_counter() > ends


def _listen(orders: "asyncio.Queue[str]") -> None:
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(orders.put_nowait, line.strip())
        loop.call_soon_threadsafe(orders.put_nowait, "")

    threading.Thread(target=read, daemon=True).start()


if __name__ == "__main__":
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
    main(Path(sys.argv[1]), *sys.argv[2:])
