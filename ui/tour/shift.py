"""`main.py tour`: plays the script of a shift in a real window on a real platform, checks it and takes pictures."""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from commandcenter.demonstration.tour_script import SCENES
from commandcenter.demonstration.tour_steps import Scene, TourState
from ui.app.process.arguments import StartOptions, for_tour, size
from ui.kit.texts.faults import fault_in_both
from ui.tour.playing import Failed, WindowPlayer
from ui.tour.stage import CONSOLE_LOG, play, stage


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
    stopped = f"停在半路，图片在 {said.out} · stopped; the pictures so far are in {said.out}"
    return play(lambda app, place: _play(app, said, place), stopped=stopped)


async def _play(app: QApplication, said: argparse.Namespace, place: Path) -> bool:
    report, is_whole = TourReport(said.out, said), False

    def start(data: Path) -> StartOptions:
        return StartOptions(data=data, theme=said.theme, language=said.lang, size=said.size)

    try:
        async with stage(app, place, said.out, start, report.note) as player:
            shift = TourState()
            for scene in SCENES if not said.only else [s for s in SCENES if s.__name__ in said.only]:
                if not await report.play(scene, player, shift):
                    break
            else:
                is_whole = True
    finally:
        report.write(is_whole=is_whole)
        if not report.holds:
            shutil.copy(place / CONSOLE_LOG, said.out)
    return report.holds


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
