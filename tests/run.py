"""`main.py test`: every test with the project's settings, on a private screen where there is none."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import pytest

from commandcenter.install import display
from commandcenter.install.failure import SetupFailed

ROOT = Path(__file__).resolve().parents[1]
RUNGS = {  # the rungs of the ladder: a word after `test`, and the module whose main(argv) carries it out
    "--long": "tests.long",
    "fuzz": "tests.fuzz.fuzz",
    "hostile": "tests.hostile.hostile",
    "kills": "tests.process.kills",
    "simulate": "tests.faults.simulate",
    "mutants": "tests.faults.mutants",
    "upgrade": "tests.upgrade.upgrade",
}


def main(argv: list[str]) -> int:
    """Run pytest with ARGV at the root of the tree, or the rung that ARGV names; gives its exit code."""
    os.chdir(ROOT)
    if argv and argv[0] in RUNGS:
        return int(importlib.import_module(RUNGS[argv[0]]).main(argv[1:]))
    try:
        display.borrow_screen()
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return int(pytest.main(argv))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
