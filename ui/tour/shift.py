"""`main.py tour`: plays the script of a shift in a real window on a real platform, checks it and takes pictures."""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from commandcenter.bootstrap import Desk, EmbeddedPlatform, demo_account, open_desk
from commandcenter.demonstration.other_seats import OtherSeats
from commandcenter.demonstration.tour_script import SCENES
from commandcenter.demonstration.tour_steps import Scene, TourState
from commandcenter.settings.file import open_settings
from commandcenter.sync.demo_accounts import read_accounts
from commandcenter.sync.unavailable import Unavailable
from ui.app.console_application import ConsoleApplication
from ui.app.host import MAIN
from ui.app.process.arguments import StartOptions, for_tour, size
from ui.app.process.closing import run_with_timeout
from ui.app.process.faults import Faults
from ui.app.process.marks import Marks
from ui.app.process.signals import signals_handled
from ui.app.start import show_window
from ui.kit.texts.faults import fault, fault_in_both
from ui.map.flags import prepare
from ui.tour.playing import Failed, WindowPlayer


class TourReport:
    """What was played, checked and pictured; written to tour.json."""

    def __init__(self, out: Path, said: argparse.Namespace) -> None:
        self.out = out
        self._head = {"size": f"{said.size[0]}x{said.size[1]}", "theme": said.theme, "lang": said.lang}
        self._steps: list[dict[str, Any]] = []
        self._faults: list[str] = []
        self._began = time.monotonic()

    async def play(self, scene: Scene, player: WindowPlayer, shift: TourState) -> bool:
        """Plays one scene; returns whether everything held."""
        began = time.monotonic()
        failed = ""
        try:
            await scene(player, shift)
        except (Failed, AssertionError, LookupError, StopIteration) as error:
            failed = "; ".join((str(error) or type(error).__name__, *player.others.waiting()))
            await player.picture(f"failed-{scene.__name__.replace('_', '-')}")
        told = (scene.__doc__ or "").strip().splitlines()[0]
        asserted, pictures = player.taken()
        seconds = round(time.monotonic() - began, 1)
        step = {"scene": scene.__name__, "told": told, "asserted": asserted, "pictures": pictures, "seconds": seconds}
        self._steps.append(step | ({"failed": failed} if failed else {}))
        print(f"{'ok  ' if not failed else 'FAIL'} {seconds:5.1f} s  {scene.__name__}: {failed or told}", flush=True)
        return not failed

    def note(self, number: str) -> None:
        """Records a fault of the console by its number; the tour then fails."""
        self._faults.append(number)
        print(f"FAIL {number}, see console.log", flush=True)

    @property
    def holds(self) -> bool:
        """Whether every played scene held, without a fault of the console."""
        return not self._faults and not any("failed" in step for step in self._steps)

    def write(self, *, is_whole: bool) -> None:
        """Writes tour.json beside the pictures; `is_whole`: every scene was played."""
        told = {"holds": self.holds and is_whole, "seconds": round(time.monotonic() - self._began, 1)}
        whole = self._head | told | {"faults": self._faults, "steps": self._steps}
        (self.out / "tour.json").write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Plays the tour; returns 0 when everything held, 1 when something did not, 2 when it could not begin."""
    said = read(sys.argv[1:] if argv is None else argv)
    try:
        said.out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=said.out):
            pass  # reports now what would otherwise fail at the first picture
    except OSError as error:
        print(fault_in_both("no_place", f"{said.out}: {error.strerror}"), file=sys.stderr)
        return 2
    return run(said)


def read(argv: Sequence[str]) -> argparse.Namespace:
    """Returns the options in `argv`.

    --as-console is followed by the options of the console in whose place the tour is played.
    """
    said = _parser().parse_args(argv)
    if said.as_console is None:
        return said
    kept = for_tour(said.as_console)
    print(
        f"这里没有屏幕，改为演示一个班次，图片存入 {said.out} · "
        f"there is no screen here, so the tour is played and its pictures go to {said.out}",
        file=sys.stderr,
    )
    return _parser().parse_args(["--out", str(said.out), *kept])


def run(said: argparse.Namespace) -> int:
    """Runs the tour in a Qt application and returns the exit code: after a signal, 128 plus its number."""
    import qasync  # imported late, as in the console

    prepare()
    app = QApplication([sys.argv[0]])
    app.setQuitOnLastWindowClosed(False)
    loop = qasync.QEventLoop(app)
    with loop, tempfile.TemporaryDirectory(prefix="tour-") as place:
        play = asyncio.ensure_future(_play(app, said, Path(place)), loop=loop)
        told: list[int] = []

        def stop(number: int) -> None:
            told.append(number)
            play.cancel()

        try:
            with signals_handled(stop):
                return 0 if loop.run_until_complete(play) else 1
        except Unavailable as error:
            print(fault(error.code, error.about), file=sys.stderr)
            return 2
        except asyncio.CancelledError:
            print(f"停在半路，图片在 {said.out} · stopped; the pictures so far are in {said.out}", file=sys.stderr)
            return 128 + told[0]


async def _play(app: QApplication, said: argparse.Namespace, place: Path) -> bool:
    data = place / "platform"
    platform, report = EmbeddedPlatform(MAIN, place / "platform.log"), TourReport(said.out, said)
    faults = Faults(report.note)
    faults.hook()
    faults.hook_loop(asyncio.get_running_loop())
    opening = _opening(app, said, place, platform, faults)  # runs Qt events, so no other task may be due in the loop
    print("平台起动，造演示区 · the platform starts and makes its district", flush=True)
    others = OtherSeats(lambda: platform.url, lambda: read_accounts(data), lambda name: _seat(place, platform, name))
    player = WindowPlayer(app, opening, others, said.out)
    is_whole = False
    try:
        await platform.start(data)
        await opening.open()
        shift = TourState()
        for scene in SCENES if not said.only else [s for s in SCENES if s.__name__ in said.only]:
            if not await report.play(scene, player, shift):
                break
        else:
            is_whole = True
    finally:
        await run_with_timeout("other seats", others.close(), 10)
        await opening.close()  # also stops the platform
        report.write(is_whole=is_whole)
        faults.close()
        if not report.holds:
            shutil.copy(place / "profile" / "console.log", said.out)
    return report.holds


def _opening(
    app: QApplication, said: argparse.Namespace, place: Path, platform: EmbeddedPlatform, faults: Faults
) -> ConsoleApplication:
    start = StartOptions(data=place / "platform", theme=said.theme, language=said.lang, size=said.size)
    settings, marks = open_settings(folder=place / "profile"), Marks(on=False)
    faults.write_to(settings.folder)
    window = show_window(app, start, settings, marks)
    window.move(0, 0)
    return ConsoleApplication(window, start, settings, faults, marks, running=platform)


async def _seat(place: Path, platform: EmbeddedPlatform, name: str) -> Desk:
    """Opens the desk of a seat without a window; it signs in again by itself when the platform restarts."""
    desk = await open_desk(open_settings(folder=place / "seats" / name.replace(".", "-")))
    desk.user.stored_account = lambda: (platform.url, *demo_account(place / "platform", name))
    return desk


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py tour", description="演示一个班次并截图 · play a shift, keep pictures"
    )
    add = parser.add_argument
    add("--out", type=Path, required=True, metavar="DIR", help="图片和 tour.json 放这里 · for pictures and tour.json")
    add("--size", type=size, default=(1920, 1080), metavar="WxH", help="窗口尺寸 · size of the window (1920x1080)")
    add("--theme", choices=("dark", "light"), default="dark", help="深色或浅色 · dark or light (%(default)s)")
    add("--lang", choices=("zh", "en"), default="zh", help="语言 · language (%(default)s)")
    add("--as-console", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    add("--only", action="append", default=[], help=argparse.SUPPRESS)
    return parser
