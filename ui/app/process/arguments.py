"""The command line of the console."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

DEFAULT_SIZE = (1680, 980)


@dataclass(frozen=True, slots=True)
class StartOptions:
    """The parsed options; "" and None stand for options that were not given."""

    profile: str = "default"
    url: str = ""
    data: Path | None = None
    user: str = ""
    password: str = ""
    demo_user: str = ""
    theme: str = ""
    language: str = ""
    size: tuple[int, int] | None = None
    marks: bool = False


class UnreadablePassword(Exception):
    """The password file cannot be read, or is not UTF-8; the argument is its path."""


def read(argv: Sequence[str]) -> StartOptions:
    """Parses `argv`; exits with code 2 and a message when it is invalid.

    Raises UnreadablePassword when the password file cannot be read.
    """
    said = _parser().parse_args(argv)
    file, said.password = said.password, ""
    if file is not None:
        try:
            said.password = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UnreadablePassword(str(file)) from error
    return StartOptions(**vars(said))


def for_tour(argv: Sequence[str]) -> list[str]:
    """Returns the options of `argv` that also apply to the tour, which is played without a screen.

    Exits with code 2 as `read` does.
    """
    said = _parser().parse_args(argv)
    kept = {"--theme": said.theme, "--lang": said.language, "--size": said.size and f"{said.size[0]}x{said.size[1]}"}
    return [word for name, value in kept.items() if value for word in (name, value)]


def profile(text: str) -> str:
    """Checks a profile's name: it becomes one folder beside the other profiles, never a path elsewhere.

    Raises ArgumentTypeError for any other text.
    """
    if not text.strip(".") or len(text) > 80 or not text.isprintable() or set('/\\:*?"<>|') & set(text):
        raise argparse.ArgumentTypeError(f"{text!r} 不能作档案名，请用字母、数字、汉字 · is no name: letters, digits")
    return text


def size(text: str) -> tuple[int, int]:
    """Parses WIDTHxHEIGHT in logical pixels, at least 800x500; raises ArgumentTypeError."""
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) >= 800 and int(height) >= 500):
        raise argparse.ArgumentTypeError(f"{text} 不是尺寸，例如 1920x1080 · is no size, e.g. 1920x1080")
    return int(width), int(height)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="main.py console", description="打开指挥台 · open the console")
    add = parser.add_argument
    here = "平台地址；不写则启动本机演示平台 · the platform; without it one is started here"
    add("--url", default="", metavar="URL", help=here)
    add("--profile", type=profile, default="default", metavar="NAME", help="席位档案名 · name of the seat's profile")
    add("--data", type=Path, metavar="DIR", help="本机平台的数据文件夹 · data folder of the platform here")
    add("--user", default="", metavar="NAME", help="用户 · user")
    holds = "放口令的文件 · file that holds the password"
    add("--password-file", dest="password", type=Path, metavar="FILE", help=holds)
    add(
        "--demo-user",
        default="",
        metavar="NAME|ROLE",
        help="以演示角色或账号登录 · as a role or an account of the demonstration",
    )
    add("--theme", choices=("dark", "light"), default="", help="深色或浅色 · dark or light")
    add("--lang", dest="language", choices=("zh", "en"), default="", help="语言 · language")
    add("--size", type=size, metavar="WxH", help="窗口尺寸 · size of the window")
    add("--marks", action="store_true", help="启动各步的毫秒数写到 stderr · milliseconds of each step to stderr")
    return parser
