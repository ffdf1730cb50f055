"""`main.py check`: checks style, types and import layers; prints a verdict and the seconds for each."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHECKS = (
    ("style", [sys.executable, "-m", "ruff", "check", "."]),
    ("types", [sys.executable, "-m", "mypy"]),
    ("imports", [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]),
)


def main(argv: list[str]) -> int:
    """Runs the checks named in `argv`, or all; returns 0 when all pass, 1 when one fails, 2 for an unknown name."""
    known = [name for name, _ in CHECKS]
    if {"-h", "--help"} & set(argv):
        print(f"main.py check [{' | '.join(known)}] …\n\n检查代码规范，不写则全查 · check the code; without a name all")
        return 0
    if unknown := [name for name in argv if name not in known]:
        print(f"no check {unknown[0]}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    verdicts = [_verdict(name, command) for name, command in CHECKS if not argv or name in argv]
    print("\n".join(["", *(line for line, _ in verdicts)]))
    return 0 if all(holds for _, holds in verdicts) else 1


def _verdict(name: str, command: list[str]) -> tuple[str, bool]:
    print(f"== {name}", flush=True)
    began = time.monotonic()
    holds = subprocess.run(command, cwd=ROOT).returncode == 0
    return f"{name:<8}{'holds' if holds else 'FAILS'}  {time.monotonic() - began:.1f} s", holds


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
