"""The first stage: makes a bare machine ready for the hall with the standard library alone, then steps into .venv."""

import os
import sys

from commandcenter.install import stamp

OLDEST = (3, 11)
NEWEST = (3, 13)


# These words are read by any Python 3, so that an old one can be told; hence the quoted types.
def check_python(version: "tuple[int, ...]" = tuple(sys.version_info[:2])) -> None:
    """Leave with one sentence when this Python is too old or too new; the sentence names one that would do."""
    if OLDEST <= version[:2] <= NEWEST:
        return
    import shutil  # late: only somebody who is turned away waits for it

    names = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    found = next((name for name in names if shutil.which(name)), None)
    advice = f"用 use: {found} main.py" if found else f"请先安装 please install e.g. {names[0]}"
    here, oldest, newest = (".".join(map(str, each[:2])) for each in (version, OLDEST, NEWEST))
    sys.exit(
        f"需要 Python {oldest} 至 {newest}，这里是 {here} · "
        f"Python {oldest} to {newest} is needed and this is {here}; {advice}"
    )


def ready(root: str, argv: "list[str]", *, window: bool, wheelhouse: "str | None" = None) -> None:
    """Make the tree at ROOT ready and return inside its .venv; from any other Python start main.py ARGV over in there.

    WINDOW asks for the system libraries that a window needs too. WHEELHOUSE is the folder that packages come from when
    no index may be asked. Raises SetupFailed with one sentence when the machine cannot be made ready.
    """
    if not stamp.is_ready(root, window=window):
        from commandcenter.install.stage import prepare  # late: a ready tree starts without it

        prepare(root, window=window, wheelhouse=wheelhouse)
    if not stamp.is_inside(root):
        _step_in([stamp.python(root), os.path.join(root, "main.py"), *argv])


def _step_in(command: "list[str]") -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    import subprocess  # late: Windows cannot replace a process

    sys.exit(subprocess.call(command))
