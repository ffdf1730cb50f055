"""The command line: a table of commands, what each is for, and the module that runs it."""

from __future__ import annotations

import difflib
import os
import runpy
import signal
import sys
import unicodedata
from dataclasses import dataclass

from commandcenter import __version__
from commandcenter.install import display, ready, streams
from commandcenter.install.failure import SetupFailed

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HELP = ("-h", "--help")
OWN = ("commandcenter", "ui", "tests", "resources", "")


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its module, whether it needs a window, and the size (WxH) of its virtual screen if there is none."""

    name: str
    module: str
    zh: str
    en: str
    window: bool = False
    screen: str = ""


class Refusal(Exception):
    """One sentence for the user at the terminal on why nothing is run, and the exit code of the program."""

    code = 2


class Terminated(KeyboardInterrupt):
    """Raised on SIGTERM, so that the program ends in the same orderly way as after Ctrl-C."""


COMMANDS = (
    Command("console", "ui.app", "打开指挥台（默认）", "open the console (the default)", window=True),
    Command("serve", "commandcenter.operations.serve", "运行平台", "run the platform"),
    Command(
        "seed", "commandcenter.demonstration.seed", "生成包河区演示数据", "make the demonstration district of Baohe"
    ),
    Command(
        "import", "commandcenter.operations.import_cases", "导入真实工单", "import cases from a file, by a mapping"
    ),
    Command("district", "commandcenter.operations.district", "建区", "create a district from a file, or add to it"),
    Command("reference", "commandcenter.operations.reference", "改基础数据", "edit limits, holders and the like"),
    Command("roster", "commandcenter.operations.roster", "读写轮班", "shifts and members of crews, as iCalendar"),
    Command("setting", "commandcenter.operations.setting", "改平台设置", "what is kept, sign-ins, lock-out, quotas"),
    Command("audit", "commandcenter.operations.audit", "看审计", "who did what and when"),
    Command("account", "commandcenter.operations.account", "管账号", "who may sign in, and as what"),
    Command("backup", "commandcenter.operations.backup", "备份平台", "back the platform up while it runs"),
    Command("restore", "commandcenter.operations.restore", "从备份恢复平台", "put a backup back in its place"),
    Command("steps", "commandcenter.operations.steps", "核对办理步骤", "compare the steps of cases with the log"),
    Command("tour", "ui.tour", "演示一个班次并截图", "play a shift and picture every screen", True, "3840x2160"),
    Command("bench", "tests.bench", "测量速度与内存", "measure speed and memory beside peers", True, "3840x2160"),
    Command("test", "tests.run", "运行全部测试", "run all tests", window=True),
    Command("check", "tests.check", "检查代码规范", "check style, types and who imports whom"),
)


def main(argv: list[str]) -> int:
    """Runs the command line `argv` (without the program name) and returns the exit code."""
    streams.make_streams_safe()
    try:
        try:
            return _dispatch(argv)
        finally:
            sys.stdout.flush()  # here a full disk can still be reported
    except (Refusal, SetupFailed) as refusal:
        print(refusal, file=sys.stderr)
        return getattr(refusal, "code", 1)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] in OWN:
            raise  # an error of this program: the user cannot repair it
        print(
            f".venv 里缺了 {missing.name}，什么都没有做；请删掉 .venv，再运行同一命令 · "
            f"{missing.name} is gone from .venv, nothing was done: delete .venv and run the same command again",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt as ending:
        return 143 if isinstance(ending, Terminated) else 130


def overview() -> str:
    """Returns the text that `help` prints."""
    rows = [f"  {command.name:<10}{_padded(command.zh, 22)}{command.en}" for command in COMMANDS]
    head = f"指挥中心 commandcenter {__version__}"
    usage = "用法 usage   python3 main.py [命令 command] [选项 options]"
    foot = [
        "  help [命令]                       本页，或该命令的选项 · this page, or a command's options",
        "  --offline 文件夹                  只从该文件夹装包 · take packages from that folder alone",
        "  --version                         版本 · the version",
    ]
    return "\n".join([head, "", usage, "", *rows, "", *foot])


def chosen(argv: list[str]) -> tuple[Command, list[str]]:
    """Returns the command that `argv` names and its remaining arguments; without a name, the console.

    Raises Refusal when there is no such command.
    """
    if not argv or argv[0].startswith("-"):
        return COMMANDS[0], argv
    for command in COMMANDS:
        if command.name == argv[0]:
            return command, argv[1:]
    near = difflib.get_close_matches(argv[0], [command.name for command in COMMANDS], n=1, cutoff=0.5)
    hint = f"是不是 {near[0]}？" if near else "见 python3 main.py help"
    meant = f"did you mean {near[0]}?" if near else "see python3 main.py help"
    raise Refusal(f"没有命令 {argv[0]}，{hint} · there is no command {argv[0]}, {meant}")


def without_wheelhouse(argv: list[str]) -> tuple[list[str], str | None]:
    """Returns `argv` without `--offline FOLDER`, and the absolute path of that folder (None: not given).

    Raises Refusal when there is no such folder.
    """
    if "--offline" not in argv:
        return argv, None
    at = argv.index("--offline")
    folder = argv[at + 1] if at + 1 < len(argv) else ""
    if not os.path.isdir(folder):
        raise Refusal(
            f"--offline 后面要写装有包的文件夹，{folder or '这里什么'} 不是 · "
            f"--offline wants the folder that holds the packages, got {folder or 'nothing'}"
        )
    return argv[:at] + argv[at + 2 :], os.path.abspath(folder)


def _dispatch(argv: list[str]) -> int:
    words, wheelhouse = without_wheelhouse(argv)
    if words and words[0] in ("help", *HELP):
        if len(words) == 1:
            print(overview())
            return 0
        words = [words[1], "--help"]
    if words == ["--version"]:
        print(__version__)
        return 0
    command, rest = chosen(words)
    ready(ROOT, words, window=command.window, wheelhouse=wheelhouse)
    return _run(command, rest)


def _run(command: Command, rest: list[str]) -> int:
    """Runs the module as the main program; to return another exit code than 0, it raises SystemExit."""
    if not command.window:  # Qt would lose an exception raised by a signal handler; there each command handles it
        signal.signal(signal.SIGTERM, _terminate)
    if command.window and not set(HELP) & set(rest):
        command, rest = _or_tour(command, rest)
    sys.argv = [f"main.py {command.name}", *rest]
    if command.screen:
        display.borrow_screen(command.screen)
    runpy.run_module(command.module, run_name="__main__")
    return 0


def _or_tour(command: Command, rest: list[str]) -> tuple[Command, list[str]]:
    """The command itself if there is a screen; without one, the tour replaces the console."""
    if not display.accepts_connections():
        name = os.environ["DISPLAY"]
        raise Refusal(
            f"屏幕 {name} 没有应答，什么都没有打开；请核对 DISPLAY，或去掉它 · "
            f"the screen {name} does not answer, nothing was opened: check DISPLAY, or go without it"
        )
    if display.has_screen() or command.name != "console":
        return command, rest
    tour = next(other for other in COMMANDS if other.name == "tour")
    return tour, ["--out", "tour-out", "--as-console", *rest]


def _terminate(_number: int, _frame: object) -> None:
    raise Terminated


def _padded(text: str, width: int) -> str:
    taken = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * (width - taken)
