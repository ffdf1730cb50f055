"""`main.py test`: every test with the project's settings, on a private screen where there is none."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from commandcenter.install import display
from commandcenter.install.failure import SetupFailed

ROOT = Path(__file__).resolve().parents[1]


def main(argv: list[str]) -> int:
    """Run pytest with ARGV at the root of the tree; gives its exit code."""
    os.chdir(ROOT)
    try:
        display.borrow_screen()
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return int(pytest.main(argv))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
