"""Talks to whoever sits at the terminal: options, passwords, and in both languages why something is refused."""

import argparse
import getpass
import sys
import tomllib
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from commandcenter.client.errors import PlatformFault
from commandcenter.server.errors import HttpProblem, UnusableEnvironment, reason_of
from commandcenter.server.intake.mapping import ImportFailed
from commandcenter.settings.folders import data_dir
from resources import path


def command_parser(name: str, what: str) -> argparse.ArgumentParser:
    """Returns a parser for the options of the command `name`, which does `what`."""
    return argparse.ArgumentParser(prog=f"main.py {name}", description=what)


def add_data_option(parser: argparse.ArgumentParser) -> None:
    """Adds --data, the folder of the platform that the command works on."""
    what = "数据目录 · the data folder (%(default)s)"
    parser.add_argument("--data", type=Path, default=data_dir(), metavar="DIR", help=what)


def ask_password(prompt: str = "Password: ") -> str:
    """Returns a password that is not shown while it is typed; raises EOFError when nobody is there to be asked."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(prompt)
        except getpass.GetPassWarning as wrong:
            raise EOFError from wrong


def finished(work: Callable[[], int | None], *, unwritable: str = "{reason}") -> int:
    """Does `work` and returns its exit code (0 for None), or 2 after saying why it was refused.

    `unwritable`: the sentence for an error of the disk or the database, with its {reason}.
    """
    try:
        return work() or 0
    except (UnusableEnvironment, ImportFailed) as wrong:
        print(wrong, file=sys.stderr)
    except (OSError, DBAPIError) as wrong:
        print(unwritable.replace("{reason}", reason_of(wrong)), file=sys.stderr)
    except (HttpProblem, PlatformFault) as wrong:
        print(refusal_text(wrong.code, wrong.about), file=sys.stderr)
    except EOFError:
        print(refusal_text("nobody_to_ask", None), file=sys.stderr)
    return 2


def refusal_text(code: str | None, about: str | None) -> str:
    """Returns what the screens say for the code, in both languages, and whom or what it is about.

    >>> refusal_text("unknown_kind", "k-1"), refusal_text("new_one", None)
    ('没有这个小类 · there is no such kind (k-1)', 'new_one')
    """
    said = _words().get(code)
    if said is None:
        return f"{code or ''} {about or ''}".strip()
    named = f" ({about})" if about and "{about}" not in said["en"] else ""
    return f"{said['zh']} · {said['en']}".replace("{about}", about or "") + named


@cache
def _words() -> dict[Any, dict[str, str]]:
    """The words of each code; a refusal goes before a fault of the same code."""
    files = [tomllib.loads(file.read_text("utf-8")) for file in sorted(path("i18n").glob("terms*.toml"))]
    return {
        code: said for table in ("fault", "refusal") for file in files for code, said in file.get(table, {}).items()
    }
