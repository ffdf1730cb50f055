"""`main.py test --long`: runs the long tests one after the other, each in a process of its own."""

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DISKS = 10


@dataclass(frozen=True, slots=True)
class Rung:
    """A long test: the arguments of `python -m` and how often it runs; the last line that it prints is its result."""

    name: str
    words: tuple[str, ...]
    times: int = 1


@dataclass(frozen=True, slots=True)
class Come:
    """The result of a long test; `line` is the last line that it printed."""

    name: str
    line: str
    seconds: float
    is_well: bool

    def __str__(self) -> str:
        return f"{self.name:<9} {'ok ' if self.is_well else 'BAD'} {self.seconds / 60:6.1f} min  {self.line}"


LADDER = (
    Rung("simulate", ("tests.run", "simulate", "--schedules", "20000")),
    Rung("mutants", ("tests.run", "mutants", "--most", "2000")),
    Rung("breakages", ("tests.run", "breakages", "--sample", "150")),
    Rung("kills", ("tests.run", "kills", "--cycles", "2000")),
    Rung("power", ("tests.run", "power", "--cuts", "2000")),
    Rung("disk", ("tests.run", "-q", "tests/disk"), times=DISKS),
    Rung("fuzz", ("tests.run", "fuzz", "--requests", "50000")),
    Rung("hostile", ("tests.run", "hostile", "--payloads", "20000")),
    Rung("ribbon", ("tests.run", "ribbon", "--cases", "20000")),
    Rung("shift", ("tests.run", "shift", "--minutes", "60")),
    Rung("upgrade", ("tests.run", "upgrade", "--cycles", "50")),
)


def main(argv: list[str]) -> int:
    """Runs the long tests that `argv` names, by default all; returns 1 when one of them fails."""
    parser = argparse.ArgumentParser(prog="main.py test --long", description="长测 · the long run of the ladder")
    names = ", ".join(rung.name for rung in LADDER)
    parser.add_argument("--only", metavar="A,B", help=f"只做这几级 · only these of {names}")
    asked = parser.parse_args(argv)
    wanted = [name.strip() for name in asked.only.split(",")] if asked.only else [rung.name for rung in LADDER]
    if unknown := [name for name in wanted if name not in {rung.name for rung in LADDER}]:
        parser.error(f"no rung {', '.join(unknown)}; there are {names}")
    return climb([rung for rung in LADDER if rung.name in wanted])


def climb(rungs: Sequence[Rung]) -> int:
    """Runs the tests in order, then prints one line for each; returns 1 when one of them failed."""
    come = []
    for number, rung in enumerate(rungs, 1):
        print(f"— {number} of {len(rungs)}: {rung.name}", flush=True)
        come.append(climbed(rung))
    print(*come, sep="\n")
    return 0 if all(one.is_well for one in come) else 1


def climbed(rung: Rung) -> Come:
    """Runs a test as often as it asks for, until the first failure; returns its result."""
    began, line = time.monotonic(), ""
    for number in range(1, rung.times + 1):
        if rung.times > 1:
            print(f"{rung.name} {number} of {rung.times}", flush=True)
        code, line = _run(rung.words)
        if code:
            return Come(rung.name, line, time.monotonic() - began, is_well=False)
    often = f"{rung.times} times: " if rung.times > 1 else ""
    return Come(rung.name, often + line, time.monotonic() - began, is_well=True)


def _run(words: Sequence[str]) -> tuple[int, str]:
    """Returns (exit code, last non-empty line); passes the output on as it arrives."""
    last = ""
    command = [sys.executable, "-m", *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        for said in process.stdout:
            print(said, end="", flush=True)
            last = said.strip() or last
    return process.returncode, last


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
