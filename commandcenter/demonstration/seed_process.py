"""Seeds in a process of its own, because a platform would keep most of the memory that generating a district takes."""

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from commandcenter.demonstration.seed import seed
from commandcenter.operations.parent_process import when_parent_ends
from commandcenter.server.errors import UnusableEnvironment, reason_of

_ROOT = Path(__file__).resolve().parents[2]
_MODULE = "commandcenter.demonstration.seed_process"


def seed_apart(data: Path) -> None:
    """Seeds `data`, whose lock the caller holds, in a process that ends when this one does.

    Raises UnusableEnvironment with the code and the sentence of that process.
    """
    words, pipe = [sys.executable, "-m", _MODULE, str(data.absolute())], subprocess.PIPE
    with subprocess.Popen(words, cwd=_ROOT, stdin=pipe, stdout=pipe, text=True) as child:
        assert child.stdout is not None
        code, _, sentence = child.stdout.read().strip().partition(" ")
    if child.returncode:
        raise UnusableEnvironment(code or "ended", sentence or f"The seeding of {data} was ended: start again.")


def main(argv: list[str]) -> int:
    """Seeds the folder `argv[0]`; returns 2 and prints an error's code and sentence when that fails."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    when_parent_ends(partial(os._exit, 1))
    try:
        seed(Path(argv[0]))
    except UnusableEnvironment as wrong:
        print(wrong.code, wrong)
    except (OSError, DBAPIError) as wrong:
        print("unwritable", f"{argv[0]} cannot be written ({reason_of(wrong)}): nothing was kept; take another --data.")
    else:
        return 0
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
