"""Talks to whoever sits at the terminal: asks for passwords, and says in both languages why something is refused."""

import getpass
import sys
import tomllib
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy.exc import DBAPIError

from commandcenter.client.errors import PlatformFault
from commandcenter.server.errors import HttpProblem, UnusableEnvironment, reason_of
from resources import path


def ask_password(prompt: str = "Password: ") -> str:
    """Returns a password that is not shown while it is typed; raises EOFError when nobody is there to be asked."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(prompt)
        except getpass.GetPassWarning as wrong:
            raise EOFError from wrong


def finished(work: Callable[[], None]) -> int:
    """Does `work` and returns the exit code 0, or 2 after saying why it was refused."""
    try:
        work()
    except (UnusableEnvironment, OSError, DBAPIError) as wrong:
        print(reason_of(wrong), file=sys.stderr)
    except (HttpProblem, PlatformFault) as wrong:
        print(refusal_text(wrong.code, wrong.about), file=sys.stderr)
    except EOFError:
        print(refusal_text("nobody_to_ask", None), file=sys.stderr)
    else:
        return 0
    return 2


def refusal_text(code: str | None, about: str | None) -> str:
    """Returns what the screens say for the code, in both languages, and whom or what it is about.

    >>> refusal_text("unknown_kind", "k-1"), refusal_text("new_one", None)
    ('没有这个小类 · there is no such kind (k-1)', 'new_one')
    """
    said = _words()["refusal"].get(code) or _words()["fault"].get(code)
    if said is None:
        return f"{code or ''} {about or ''}".strip()
    named = f" ({about})" if about and "{about}" not in said["en"] else ""
    return f"{said['zh']} · {said['en']}".replace("{about}", about or "") + named


@cache
def _words() -> dict[str, dict[Any, dict[str, str]]]:
    return tomllib.loads(path("i18n", "terms.shell.toml").read_text("utf-8"))
