"""`main.py test`: runs pytest with the project's settings, on a virtual screen where there is none."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from pathlib import Path

import pytest

from commandcenter.install import display
from commandcenter.install.failure import SetupFailed

ROOT = Path(__file__).resolve().parents[1]
MOST_PROCESSES = 4  # each loads a web engine
RUNGS = {  # other tests: the word after `test`, and the module whose main(argv) runs them
    "--long": "tests.long",
    "breakages": "tests.breakages.breakages",
    "fuzz": "tests.fuzz.fuzz",
    "hostile": "tests.hostile.hostile",
    "kills": "tests.process.kills",
    "shift": "tests.shift.shift",
    "simulate": "tests.faults.simulate",
    "mutants": "tests.faults.mutants",
    "power": "tests.power.power",
    "ribbon": "tests.ribbon.ribbon",
    "upgrade": "tests.upgrade.upgrade",
}
HELP = """\
main.py test [选项 options] [文件 files]

运行全部测试，或所给的 · run all tests, or those named; options go to pytest, e.g.
  -q               少说些 · say less
  -x               遇错即停 · stop at the first failure
  -k 词            只运行名称含该词的 · only those whose name has the word

不指名时分在几个进程里跑，每个有自己的屏幕；-n 0 只用一个 · without a name they run in several processes, each with a
screen of its own; -n 0: in one

另有 there are also
  test simulate    模拟的时间表 · schedules of a simulated hall
  test mutants     放进错误，测试须发现 · faults put in, which the tests must find
  test breakages   按规则逐处改坏源码，须有测试发现 · the source broken by rule: a test or a schedule must see it
  test kills       进程被反复强杀，不丢不重 · processes killed at random: none lost, none doubled
  test power       断电，未落盘的都没了 · the power fails, and the disk forgets what was not flushed
  test fuzz        按接口文档乱发请求 · requests at random by the platform's own document
  test hostile     平台胡说，台席不乱 · a platform that answers rubbish
  test ribbon      责任时间与独立算法逐件相比 · the time each body carried, against an oracle
  test shift       在真窗口前做一小时 · an hour of work at the real window
  test upgrade     旧版文件，半途强杀 · files of every release, killed while they are opened
  test --long      以上各级的长测 · the long run of all of these
each tells its own options with --help"""


def main(argv: list[str]) -> int:
    """Runs pytest with `argv` at the root of the tree, or the other test that `argv` names; returns the exit code."""
    os.chdir(ROOT)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or every program that a test starts compiles the whole tree again
    if argv and argv[0] in ("-h", "--help"):
        print(HELP)
        return 0
    if argv and argv[0] in RUNGS:
        return int(importlib.import_module(RUNGS[argv[0]]).main(argv[1:]))
    spread = [] if any(word.startswith("-n") or not word.startswith("-") for word in argv) else _spread()
    try:
        if not spread:
            display.borrow_screen()
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return int(pytest.main([*spread, *argv]))


def _spread() -> list[str]:
    """Returns the pytest-xdist options for several processes; empty where they cannot have a screen each (no Xvfb)."""
    if not sys.platform.startswith("linux") or shutil.which("Xvfb") is None:
        return []
    processes = min((os.cpu_count() or 1) + 1, MOST_PROCESSES)  # one more than processors: many a test waits
    return ["-n", str(processes), "--dist", "worksteal"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
