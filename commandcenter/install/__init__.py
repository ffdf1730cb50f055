"""Set-up with the standard library alone: prepares a bare machine for the program, then continues inside .venv."""

import os
import sys

from commandcenter.install import stamp

OLDEST = (3, 11)
NEWEST = (3, 13)


# Any Python 3 must be able to parse this file, so that an old one gets the message; hence the quoted annotations.
def check_python(version: "tuple[int, ...]" = tuple(sys.version_info[:2])) -> None:
    """Exits with a one-sentence message when this Python is too old or too new; it names a version to use."""
    if OLDEST <= version[:2] <= NEWEST:
        return
    import shutil  # imported late: needed only for the message

    names = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    found = next((name for name in names if shutil.which(name)), None)
    advice = f"用 use: {found} main.py" if found else f"请先安装 please install e.g. {names[0]}"
    here, oldest, newest = (".".join(map(str, each[:2])) for each in (version, OLDEST, NEWEST))
    sys.exit(
        f"需要 Python {oldest} 至 {newest}，这里是 {here} · "
        f"Python {oldest} to {newest} is needed and this is {here}; {advice}"
    )


def ready(root: str, argv: "list[str]", *, window: bool, wheelhouse: "str | None" = None) -> None:
    """Prepares the tree at `root`, and restarts main.py with `argv` in its .venv unless this Python is that one.

    `window`: also install the system libraries that a window needs. `wheelhouse`: a folder with the packages, used
    instead of any package index. Raises SetupFailed with a one-sentence message when the machine cannot be prepared.
    """
    if not stamp.is_ready(root, window=window):
        from commandcenter.install.stage import prepare  # imported late: a prepared tree starts faster without it

        prepare(root, window=window, wheelhouse=wheelhouse)
    if not stamp.is_inside(root):
        _step_in([stamp.python(root), os.path.join(root, "main.py"), *argv])


def _step_in(command: "list[str]") -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    import subprocess  # imported late: only Windows needs it, where a process cannot be replaced

    sys.exit(subprocess.call(command))
