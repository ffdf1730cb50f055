"""Regenerates the lock files: pyproject's requirements for every platform, with hashes and without index addresses.

Run it as: python -m commandcenter.install.lock [--upgrade]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = Path("resources") / "locks"
FLAGS = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-emit-index-url")


def words(source: Sequence[str], name: str, *flags: str) -> list[str]:
    """Returns the uv command that writes the lock `name` from `source`.

    Locked versions stay as long as they satisfy the requirements, unless `flags` say otherwise.
    """
    return ["uv", "pip", "compile", *source, *FLAGS, *flags, "--quiet", "--output-file", str(LOCKS / name)]


def main(argv: list[str]) -> int:
    """Writes both locks, for the tree's packages and for uv itself, and returns the exit code."""
    if unknown := [flag for flag in argv if flag != "--upgrade"]:
        print(f"unknown option {unknown[0]}; the only one is --upgrade", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder, "uv.in")
        asked.write_text("uv\n", encoding="ascii")
        for source, name, more in (
            (["pyproject.toml", "--group", "dev"], "requirements.txt", []),
            ([str(asked)], "uv.txt", ["--no-annotate"]),
        ):
            made = subprocess.run(words(source, name, *more, *argv), cwd=ROOT, env={**os.environ, "NO_COLOR": "1"})
            if made.returncode:
                return made.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
